//! The suite of the port, on threads and without.

use imaging_adapter::ImageProcessor;
use testkit::suites;

use crate::bench::RealImages;

#[tokio::test]
async fn on_threads() {
    suites::imaging::all(&RealImages(ImageProcessor::new())).await;
}

#[tokio::test]
async fn inline() {
    suites::imaging::all(&RealImages(ImageProcessor::inline())).await;
}
