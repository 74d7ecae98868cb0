//! Where the work runs.

use std::num::NonZeroUsize;

use imaging_adapter::ImageProcessor;
use kernel::{ImageFormat, ImageLimits, Imaging};

use crate::bench::{encoded, motif};

#[test]
fn inline_work_needs_no_runtime_and_never_waits() {
    let imaging = ImageProcessor::inline();
    let picture = encoded(ImageFormat::Png, &motif(30, 20));
    let mut inspection = imaging.inspect(picture, ImageLimits::RESULT);
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    match inspection.as_mut().poll(&mut context) {
        std::task::Poll::Ready(outcome) => assert_eq!(outcome.unwrap().width, 30),
        std::task::Poll::Pending => panic!("inline work waited for something"),
    }
}

#[tokio::test]
async fn more_work_than_threads_waits_for_its_turn() {
    let imaging = ImageProcessor::on_threads(NonZeroUsize::MIN);
    let picture = encoded(ImageFormat::Jpeg, &motif(300, 200));
    let work: Vec<_> = (0..20)
        .map(|_| {
            let (imaging, picture) = (imaging.clone(), picture.clone());
            tokio::spawn(async move { imaging.preview(picture, 50, ImageLimits::RESULT).await })
        })
        .collect();
    // Some callers leave; nobody else's turn is lost by it.
    for task in work.iter().step_by(3) {
        task.abort();
    }
    for task in work {
        match task.await {
            Ok(preview) => assert!(!preview.unwrap().is_empty()),
            Err(left) => assert!(left.is_cancelled()),
        }
    }
    imaging.preview(picture, 50, ImageLimits::RESULT).await.unwrap();
}
