//! The page of metrics.

#[test]
fn the_page_of_metrics_is_the_table_of_the_program() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy/metrics.md");
    let page = std::fs::read_to_string(path).unwrap();
    assert_eq!(page, bot::metrics_page());
}
