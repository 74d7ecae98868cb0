//! JSON that fits any given schema: what the model knows where it knows something, else something that fits.
//!
//! Obeyed are types and their alternatives, references, `enum`, `const`, bounds of numbers, lengths of arrays and
//! strings, and formats. A `pattern` is not looked at.

use serde_json::{Map, Number, Value, json};

use super::knowledge::Knowledge;

/// Below this no optional branch of a schema is followed any more: some refer to themselves.
const DEEP: usize = 8;
/// Below this nothing is followed.
const DEEPEST: usize = 64;
/// Names of arrays that hold one element for each picture.
const OF_PICTURES: [&str; 5] = ["photos", "pictures", "images", "results", "items"];

/// Fills one schema.
pub(super) struct Filler<'a> {
    root: &'a Value,
    knowledge: &'a Knowledge,
}

/// Where in the answer something stands.
#[derive(Debug, Clone, Copy)]
struct Place<'a> {
    field: &'a str,
    /// The picture that it is about.
    picture: Option<usize>,
    depth: usize,
}

impl<'a> Filler<'a> {
    /// Fills `schema` from what is known.
    pub(super) fn fill(schema: &'a Value, knowledge: &'a Knowledge) -> Value {
        let filler = Self { root: schema, knowledge };
        filler.value(schema, Place { field: "", picture: None, depth: 0 })
    }

    fn value(&self, schema: &Value, place: Place<'_>) -> Value {
        let place = Place { depth: place.depth + 1, ..place };
        if place.depth > DEEPEST {
            return Value::Null;
        }
        if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
            let found = self.root.pointer(reference.trim_start_matches('#'));
            return found.map_or(Value::Null, |found| self.value(found, place));
        }
        if let Some(only) = schema.get("const") {
            return only.clone();
        }
        let known = self.knowledge.value(place.field, place.picture);
        if let Some(choices) = schema.get("enum").and_then(Value::as_array) {
            return choose(choices, known.as_ref());
        }
        let options = schema.get("anyOf").or_else(|| schema.get("oneOf")).and_then(Value::as_array);
        if let Some(options) = options {
            let option = option_of(options, known.as_ref(), place.depth);
            return option.map_or(Value::Null, |option| self.value(option, place));
        }
        match kind_of(schema, known.as_ref(), place.depth) {
            "object" => self.object(schema, place),
            "array" => self.array(schema, known.as_ref(), place),
            "string" => string(schema, known.as_ref()),
            "integer" => number(schema, known.as_ref(), Whole::Yes),
            "number" => number(schema, known.as_ref(), Whole::No),
            "boolean" => json!(known.as_ref().and_then(Value::as_bool).unwrap_or(false)),
            _ => Value::Null,
        }
    }

    fn object(&self, schema: &Value, place: Place<'_>) -> Value {
        let properties = schema.get("properties").and_then(Value::as_object);
        let filled: Map<String, Value> = properties
            .into_iter()
            .flatten()
            .map(|(name, property)| (name.clone(), self.value(property, Place { field: name, ..place })))
            .collect();
        Value::Object(filled)
    }

    fn array(&self, schema: &Value, known: Option<&Value>, place: Place<'_>) -> Value {
        let bound = |name: &str| {
            schema.get(name).and_then(Value::as_u64).and_then(|bound| usize::try_from(bound).ok())
        };
        let (least, most) = (bound("minItems").unwrap_or(0), bound("maxItems").unwrap_or(usize::MAX));
        let items = schema.get("items").unwrap_or(&Value::Null);
        if let Some(known) = list_of(known, items) {
            let mut list: Vec<Value> = known.into_iter().take(most).collect();
            while list.len() < least {
                list.push(self.value(items, Place { field: "", ..place }));
            }
            return Value::Array(list);
        }
        let name = place.field.to_lowercase();
        let is_of_pictures = self.knowledge.pictures() > 0 && OF_PICTURES.contains(&name.as_str());
        let count = match self.knowledge.pictures() {
            pictures if is_of_pictures => pictures,
            _ if place.depth > DEEP => 0,
            _ => 1,
        };
        let elements = (0..count.max(least).min(most)).map(|index| {
            let picture = if is_of_pictures { Some(index) } else { place.picture };
            // Elements are known by the name of their array: `prompts` holds a `prompt` each.
            let field = name.strip_suffix('s').unwrap_or(&name);
            let mut element = self.value(items, Place { field, picture, ..place });
            if let Some(object) = element.as_object_mut()
                && is_of_pictures
                && object.get("index").is_some_and(Value::is_number)
            {
                object.insert("index".to_owned(), json!(index));
            }
            element
        });
        Value::Array(elements.collect())
    }
}

/// The type to fill in, where a schema allows several.
fn kind_of<'schema>(schema: &'schema Value, known: Option<&Value>, depth: usize) -> &'schema str {
    match schema.get("type") {
        Some(Value::String(kind)) => kind,
        Some(Value::Array(kinds)) => {
            let kinds: Vec<&str> = kinds.iter().filter_map(Value::as_str).collect();
            let fits = |kind: &&str| known.is_some_and(|known| is_of(known, kind));
            let not_null = kinds.iter().find(|kind| **kind != "null").copied();
            if depth > DEEP && kinds.contains(&"null") {
                return "null";
            }
            kinds.iter().find(|kind| fits(kind)).copied().or(not_null).unwrap_or("null")
        }
        _ if schema.get("properties").is_some() => "object",
        _ if schema.get("items").is_some() => "array",
        // A schema without a type allows anything.
        _ => "string",
    }
}

/// The alternative to follow: one for what is known, else the first that is not null.
fn option_of<'schema>(
    options: &'schema [Value],
    known: Option<&Value>,
    depth: usize,
) -> Option<&'schema Value> {
    let is_null = |option: &&Value| option.get("type").and_then(Value::as_str) == Some("null");
    if depth > DEEP
        && let Some(null) = options.iter().find(is_null)
    {
        return Some(null);
    }
    let fits = |option: &&Value| known.is_some_and(|known| is_of(known, kind_of(option, Some(known), depth)));
    options
        .iter()
        .find(|option| option.get("$ref").is_none() && fits(option))
        .or_else(|| options.iter().find(|option| !is_null(option)))
        .or_else(|| options.first())
}

fn is_of(value: &Value, kind: &str) -> bool {
    match kind {
        "string" => value.is_string(),
        "integer" => value.is_u64() || value.is_i64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        "null" => value.is_null(),
        _ => false,
    }
}

/// The elements that are known for an array of such items; words become a list at their commas.
fn list_of(known: Option<&Value>, items: &Value) -> Option<Vec<Value>> {
    let list = match known? {
        Value::Array(list) => list.clone(),
        Value::String(words) => words.split(", ").map(Value::from).collect(),
        _ => return None,
    };
    let kind = items.get("type").and_then(Value::as_str)?;
    let is_fit = items.get("enum").is_none() && list.iter().all(|element| is_of(element, kind));
    is_fit.then_some(list)
}

fn choose(choices: &[Value], known: Option<&Value>) -> Value {
    let chosen = choices.iter().find(|choice| Some(*choice) == known);
    chosen.or_else(|| choices.iter().find(|choice| !choice.is_null())).cloned().unwrap_or(Value::Null)
}

fn string(schema: &Value, known: Option<&Value>) -> Value {
    let format = match schema.get("format").and_then(Value::as_str) {
        Some("date-time") => Some("2026-11-24T10:00:00Z"),
        Some("date") => Some("2026-11-24"),
        Some("time") => Some("10:00:00Z"),
        Some("duration") => Some("PT1S"),
        Some("email") => Some("ann@example.com"),
        Some("hostname") => Some("example.com"),
        Some("ipv4") => Some("192.0.2.1"),
        Some("ipv6") => Some("2001:db8::1"),
        Some("uuid") => Some("00000000-0000-4000-8000-000000000000"),
        _ => None,
    };
    if let Some(format) = format {
        return json!(format);
    }
    let bound =
        |name: &str| schema.get(name).and_then(Value::as_u64).and_then(|bound| usize::try_from(bound).ok());
    let text = known.and_then(Value::as_str).unwrap_or("as seen");
    let mut text: String = text.chars().take(bound("maxLength").unwrap_or(usize::MAX)).collect();
    let missing = bound("minLength").unwrap_or(0).saturating_sub(text.chars().count());
    text.extend(std::iter::repeat_n('.', missing));
    json!(text)
}

/// Whether a number must be a whole one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Whole {
    Yes,
    No,
}

fn number(schema: &Value, known: Option<&Value>, whole: Whole) -> Value {
    let bound = |name: &str| schema.get(name).and_then(Value::as_f64);
    let step =
        bound("multipleOf").filter(|step| *step > 0.0).unwrap_or(if whole == Whole::Yes { 1.0 } else { 0.0 });
    // Strictly within an open bound is half the way to the next whole number, or the next step.
    let inside = if step > 0.0 { step } else { 0.5 };
    let least = bound("exclusiveMinimum").map(|least| least + inside).or_else(|| bound("minimum"));
    let most = bound("exclusiveMaximum").map(|most| most - inside).or_else(|| bound("maximum"));
    let mut value = known.and_then(Value::as_f64).unwrap_or(0.0);
    if let Some(least) = least {
        value = value.max(least);
    }
    if let Some(most) = most {
        value = value.min(most);
    }
    if step > 0.0 {
        let up = (value / step).ceil() * step;
        let is_within = most.is_none_or(|most| up <= most);
        value = if is_within { up } else { (value / step).floor() * step };
    }
    if whole == Whole::Yes {
        // Printed without a fraction, it is read as a whole number.
        return format!("{value:.0}").parse::<i64>().map_or_else(|_| json!(0), |number| json!(number));
    }
    Number::from_f64(value).map_or_else(|| json!(0), Value::Number)
}
