//! Fields of an endpoint's input, read the way FAL's models read them.

use serde_json::{Value, json};

use super::errors::Problem;

/// A text; none when the field is absent or null.
pub(super) fn text<'a>(input: &'a Value, field: &'static str) -> Result<Option<&'a str>, Problem> {
    match input.get(field) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(Problem::new(field, "string_type", "Input should be a valid string")),
    }
}

/// A whole number from `least` to `most`; none when the field is absent or null.
pub(super) fn number(
    input: &Value,
    field: &'static str,
    least: u64,
    most: u64,
) -> Result<Option<u64>, Problem> {
    let Some(value) = input.get(field).filter(|value| !value.is_null()) else { return Ok(None) };
    let number = match (value.as_u64(), value.as_i64()) {
        (Some(number), _) => number,
        (None, Some(_)) => 0,
        (None, None) => return Err(Problem::new(field, "int_type", "Input should be a valid integer")),
    };
    if number < least || value.as_i64().is_some_and(|number| number < 0) {
        return Err(Problem::new(
            field,
            "greater_than_equal",
            format!("Input should be greater than or equal to {least}"),
        )
        .with_context(json!({"ge": least})));
    }
    if number > most {
        return Err(Problem::new(
            field,
            "less_than_equal",
            format!("Input should be less than or equal to {most}"),
        )
        .with_context(json!({"le": most})));
    }
    Ok(Some(number))
}

/// A decimal number above 0; none when the field is absent or null.
pub(super) fn positive(input: &Value, field: &'static str) -> Result<Option<f64>, Problem> {
    let Some(value) = input.get(field).filter(|value| !value.is_null()) else { return Ok(None) };
    match value.as_f64() {
        Some(number) if number > 0.0 => Ok(Some(number)),
        Some(_) => Err(Problem::new(field, "greater_than", "Input should be greater than 0")
            .with_context(json!({"gt": 0}))),
        None => Err(Problem::new(field, "float_type", "Input should be a valid number")),
    }
}

/// Yes or no; none when the field is absent or null.
pub(super) fn flag(input: &Value, field: &'static str) -> Result<Option<bool>, Problem> {
    match input.get(field) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Bool(flag)) => Ok(Some(*flag)),
        Some(_) => Err(Problem::new(field, "bool_type", "Input should be a valid boolean")),
    }
}

/// One of the known names; none when the field is absent or null.
pub(super) fn choice(
    input: &Value,
    field: &'static str,
    known: &[&'static str],
) -> Result<Option<&'static str>, Problem> {
    let Some(named) = text(input, field)? else { return Ok(None) };
    let found = known.iter().copied().find(|known| *known == named);
    found.map(Some).ok_or_else(|| one_of(field, known))
}

/// The problem of a name that is not among the known ones.
pub(super) fn one_of(field: &'static str, known: &[&str]) -> Problem {
    let listed: Vec<String> = known.iter().map(|name| format!("'{name}'")).collect();
    Problem::new(field, "enum", format!("Input should be {}", listed.join(", ")))
        .with_context(json!({"expected": listed.join(", ")}))
}

/// The problem of a field that must be there.
pub(super) fn missing(field: &'static str) -> Problem {
    Problem::new(field, "missing", "Field required")
}
