//! Reply markup: checked as Telegram checks it, kept as it came.

use serde_json::Value;
use url::Url;

use super::api_error::ApiError;
use super::parameters::Parameters;

/// Most buttons of one inline keyboard.
const MOST_BUTTONS: usize = 100;
/// Most buttons in a row.
const MOST_BUTTONS_IN_A_ROW: usize = 8;
/// Most bytes of callback data.
const LONGEST_CALLBACK_DATA: usize = 64;

/// What a bot puts under a message or in place of the person's keyboard.
#[derive(Clone, Debug, PartialEq)]
pub enum ReplyMarkup {
    /// Buttons that belong to the message: the rows, as they came.
    Inline(Value),
    /// Buttons in place of the person's keyboard: the whole object, as it came.
    ReplyKeyboard(Value),
    /// The person's own keyboard comes back.
    RemoveKeyboard,
    /// The person's client is to answer this message.
    ForceReply,
}

/// Reads `reply_markup`.
///
/// # Errors
/// 400 for a keyboard that Telegram would refuse.
pub fn reply_markup(parameters: &Parameters) -> Result<Option<ReplyMarkup>, ApiError> {
    let Some(markup) = parameters.structure("reply_markup")? else {
        return Ok(None);
    };
    let Value::Object(object) = &markup else {
        return Err(ApiError::bad_request("object expected as reply markup"));
    };
    if let Some(rows) = object.get("inline_keyboard") {
        check_rows(rows, check_inline_button)?;
        let is_empty = rows
            .as_array()
            .is_none_or(|rows| rows.iter().all(|row| row.as_array().is_none_or(Vec::is_empty)));
        return Ok((!is_empty).then(|| ReplyMarkup::Inline(without_empty_rows(rows))));
    }
    if let Some(rows) = object.get("keyboard") {
        check_rows(rows, check_reply_button)?;
        return Ok(Some(ReplyMarkup::ReplyKeyboard(markup)));
    }
    let is_set = |name: &str| object.get(name).and_then(Value::as_bool) == Some(true);
    if is_set("remove_keyboard") {
        return Ok(Some(ReplyMarkup::RemoveKeyboard));
    }
    Ok(is_set("force_reply").then_some(ReplyMarkup::ForceReply))
}

/// Reads `reply_markup` where only an inline keyboard may stand; none removes the keyboard.
///
/// # Errors
/// 400 for another kind of markup and for a keyboard that Telegram would refuse.
pub fn inline_keyboard(parameters: &Parameters) -> Result<Option<Value>, ApiError> {
    match reply_markup(parameters)? {
        None => Ok(None),
        Some(ReplyMarkup::Inline(rows)) => Ok(Some(rows)),
        Some(_) => Err(ApiError::bad_request("inline keyboard expected")),
    }
}

fn without_empty_rows(rows: &Value) -> Value {
    let rows = rows.as_array().into_iter().flatten();
    rows.filter(|row| row.as_array().is_some_and(|row| !row.is_empty())).cloned().collect()
}

fn check_rows(rows: &Value, check: fn(&Value) -> Result<(), ApiError>) -> Result<(), ApiError> {
    let rows = rows
        .as_array()
        .ok_or_else(|| ApiError::bad_request("can't parse keyboard: Array of rows expected"))?;
    let mut count = 0;
    for row in rows {
        let buttons = row
            .as_array()
            .ok_or_else(|| ApiError::bad_request("can't parse keyboard: Array of buttons expected"))?;
        if buttons.len() > MOST_BUTTONS_IN_A_ROW {
            return Err(ApiError::bad_request("BUTTON_ROW_TOO_LONG"));
        }
        for button in buttons {
            check(button)?;
            if count > 0 && button.get("pay").is_some_and(|pay| pay == true) {
                return Err(ApiError::bad_request("BUTTON_POS_INVALID"));
            }
            count += 1;
        }
    }
    if count > MOST_BUTTONS {
        return Err(ApiError::bad_request("reply markup is too long"));
    }
    Ok(())
}

fn check_inline_button(button: &Value) -> Result<(), ApiError> {
    const ACTIONS: [&str; 10] = [
        "url",
        "callback_data",
        "web_app",
        "login_url",
        "switch_inline_query",
        "switch_inline_query_current_chat",
        "switch_inline_query_chosen_chat",
        "copy_text",
        "callback_game",
        "pay",
    ];
    check_label(button)?;
    let actions: Vec<&str> =
        ACTIONS.into_iter().filter(|action| button.get(action).is_some_and(|v| !v.is_null())).collect();
    match actions.as_slice() {
        [] => Err(ApiError::bad_request("Text buttons are unallowed in the inline keyboard")),
        ["callback_data"] => match button.get("callback_data").and_then(Value::as_str) {
            Some(data) if (1..=LONGEST_CALLBACK_DATA).contains(&data.len()) => Ok(()),
            _ => Err(ApiError::bad_request("BUTTON_DATA_INVALID")),
        },
        ["url"] => {
            let address = button.get("url").and_then(Value::as_str).unwrap_or_default();
            let is_good = Url::parse(address).is_ok_and(|url| {
                url.scheme() == "tg" || (matches!(url.scheme(), "http" | "https") && url.has_host())
            });
            if is_good {
                return Ok(());
            }
            Err(ApiError::bad_request(format!(
                "inline keyboard button URL '{address}' is invalid: Wrong HTTP URL"
            )))
        }
        [_] => Ok(()),
        _ => Err(ApiError::bad_request("BUTTON_TYPE_INVALID")),
    }
}

fn check_reply_button(button: &Value) -> Result<(), ApiError> {
    if button.is_string() { Ok(()) } else { check_label(button) }
}

fn check_label(button: &Value) -> Result<(), ApiError> {
    match button.get("text").and_then(Value::as_str) {
        Some(text) if !text.trim().is_empty() => Ok(()),
        Some(_) => Err(ApiError::bad_request("BUTTON_TEXT_INVALID")),
        None => Err(ApiError::bad_request(
            "can't parse inline keyboard button: Field \"text\" must be of type String",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(markup: &Value) -> Result<Option<ReplyMarkup>, String> {
        let parameters =
            Parameters::from_object([("reply_markup".to_owned(), markup.clone())].into_iter().collect());
        reply_markup(&parameters).map_err(|refusal| refusal.description)
    }

    fn inline(button: &Value) -> Result<Option<ReplyMarkup>, String> {
        read(&json!({ "inline_keyboard": [[button]] }))
    }

    #[test]
    fn callback_data_is_counted_in_bytes() {
        assert!(inline(&json!({ "text": "a", "callback_data": "x".repeat(64) })).is_ok());
        for data in [String::new(), "x".repeat(65), "я".repeat(33)] {
            assert_eq!(
                inline(&json!({ "text": "a", "callback_data": data })).unwrap_err(),
                "Bad Request: BUTTON_DATA_INVALID"
            );
        }
    }

    #[test]
    fn a_button_does_exactly_one_thing() {
        assert_eq!(
            inline(&json!({ "text": "a" })).unwrap_err(),
            "Bad Request: Text buttons are unallowed in the inline keyboard"
        );
        assert_eq!(
            inline(&json!({ "text": "a", "url": "https://x.y", "callback_data": "x" })).unwrap_err(),
            "Bad Request: BUTTON_TYPE_INVALID"
        );
        assert!(inline(&json!({ "text": "a", "url": "nonsense" })).unwrap_err().contains("Wrong HTTP URL"));
        assert!(inline(&json!({ "callback_data": "a" })).is_err());
    }

    #[test]
    fn keyboards_have_a_size() {
        let button = json!({ "text": "a", "callback_data": "x" });
        let rows = vec![vec![button.clone(); 8]; 13];
        assert_eq!(
            read(&json!({ "inline_keyboard": rows })).unwrap_err(),
            "Bad Request: reply markup is too long"
        );
        assert!(read(&json!({ "inline_keyboard": [vec![button; 9]] })).is_err());
        assert_eq!(read(&json!({ "inline_keyboard": [] })).unwrap(), None);
        assert_eq!(read(&json!({ "remove_keyboard": true })).unwrap(), Some(ReplyMarkup::RemoveKeyboard));
        assert!(read(&json!([])).is_err());
    }
}
