//! Tables that people can open: comma-separated values (RFC 4180).

/// One line of a table. Fields that would break it are quoted.
pub fn comma_separated(fields: &[&str]) -> String {
    let fields: Vec<_> = fields.iter().map(|field| quoted(field)).collect();
    format!("{}\r\n", fields.join(","))
}

fn quoted(field: &str) -> String {
    if field.contains([',', '"', '\r', '\n']) {
        format!("\"{}\"", field.replace('"', "\"\""))
    } else {
        field.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_break_a_line_is_quoted() {
        assert_eq!(comma_separated(&["plain", "", "7"]), "plain,,7\r\n");
        assert_eq!(
            comma_separated(&["a, b", "say \"cheese\"", "two\nlines"]),
            "\"a, b\",\"say \"\"cheese\"\"\",\"two\nlines\"\r\n"
        );
    }
}
