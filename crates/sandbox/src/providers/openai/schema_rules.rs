//! What a strict schema must be.

use serde_json::Value;

/// Schemas within schemas that are followed.
const DEEPEST: usize = 10;

/// Checks a schema that is to be obeyed strictly; says what is wrong with it.
pub(super) fn check(schema: &Value) -> Result<(), String> {
    if schema.get("type").and_then(Value::as_str) != Some("object") || schema.get("anyOf").is_some() {
        let kind = schema.get("type").map_or_else(|| "None".to_owned(), ToString::to_string);
        return Err(format!("schema must be a JSON Schema of 'type: \"object\"', got 'type: {kind}'."));
    }
    check_at(schema, &mut Vec::new())
}

fn check_at(schema: &Value, path: &mut Vec<String>) -> Result<(), String> {
    if path.len() > DEEPEST * 2 {
        return Err(format!("{} levels of nesting exceeds limit of {DEEPEST}.", path.len() / 2));
    }
    if let Some(properties) = schema.get("properties").and_then(Value::as_object) {
        check_object(schema, properties, path)?;
        for (name, property) in properties {
            within(path, &["properties", name], |path| check_at(property, path))?;
        }
    } else if schema.get("type").and_then(Value::as_str) == Some("object") {
        check_object(schema, &serde_json::Map::new(), path)?;
    }
    if let Some(items) = schema.get("items") {
        within(path, &["items"], |path| check_at(items, path))?;
    }
    for (index, option) in schema.get("anyOf").and_then(Value::as_array).into_iter().flatten().enumerate() {
        within(path, &["anyOf", &index.to_string()], |path| check_at(option, path))?;
    }
    for (name, definition) in schema.get("$defs").and_then(Value::as_object).into_iter().flatten() {
        within(path, &["$defs", name], |path| check_at(definition, path))?;
    }
    for keyword in ["allOf", "oneOf", "not", "if", "dependentRequired", "patternProperties"] {
        if schema.get(keyword).is_some() {
            return Err(format!("{}, '{keyword}' is not permitted.", context(path)));
        }
    }
    Ok(())
}

fn check_object(
    schema: &Value,
    properties: &serde_json::Map<String, Value>,
    path: &[String],
) -> Result<(), String> {
    if schema.get("additionalProperties") != Some(&Value::Bool(false)) {
        return Err(format!(
            "{}, 'additionalProperties' is required to be supplied and to be false.",
            context(path)
        ));
    }
    let required: Vec<&str> = schema
        .get("required")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    match properties.keys().find(|name| !required.contains(&name.as_str())) {
        Some(missing) => Err(format!(
            "{}, 'required' is required to be supplied and to be an array including every key in properties. \
             Missing '{missing}'.",
            context(path)
        )),
        None => Ok(()),
    }
}

fn within(
    path: &mut Vec<String>,
    steps: &[&str],
    check: impl FnOnce(&mut Vec<String>) -> Result<(), String>,
) -> Result<(), String> {
    let length = path.len();
    path.extend(steps.iter().map(|step| (*step).to_owned()));
    let outcome = check(path);
    path.truncate(length);
    outcome
}

fn context(path: &[String]) -> String {
    let steps: Vec<String> = path.iter().map(|step| format!("'{step}'")).collect();
    format!("In context=({})", steps.join(", "))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_object_is_closed_and_every_property_required() {
        let good = json!({
            "type": "object", "additionalProperties": false, "required": ["a"],
            "properties": {"a": {"type": "array", "items": {"$ref": "#/$defs/b"}}},
            "$defs": {"b": {"type": "object", "additionalProperties": false, "properties": {}, "required": []}},
        });
        assert_eq!(check(&good), Ok(()));
        let mut open = good.clone();
        open["$defs"]["b"]["additionalProperties"] = json!(true);
        assert!(check(&open).unwrap_err().starts_with("In context=('$defs', 'b'), 'additionalProperties'"));
        let mut optional = good.clone();
        optional["required"] = json!([]);
        assert!(check(&optional).unwrap_err().ends_with("Missing 'a'."));
        assert!(check(&json!({"type": "string"})).unwrap_err().contains("'type: \"string\"'"));
        let mut either = good;
        either["properties"]["a"] = json!({"oneOf": []});
        assert!(check(&either).unwrap_err().contains("'oneOf' is not permitted"));
    }
}
