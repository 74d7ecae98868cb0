//! The bucket: reached, made if it is missing, told what is temporary.

use kernel::ObjectStoreError;
use s3::command::Command;
use s3::creds::Credentials;
use s3::error::S3Error;
use s3::{Bucket, BucketConfiguration, Region};
use secrecy::ExposeSecret as _;

use crate::calls::{command, repeated};
use crate::failure::Failure;
use crate::lifecycle;
use crate::settings::{Addressing, S3Settings, SetupError, origin};

/// The region in which a bucket is made when none is asked for; asking for it is an error.
const DEFAULT_REGION: &str = "us-east-1";

/// The bucket at one of its addresses.
pub(crate) fn at(settings: &S3Settings, address: &url::Url) -> Result<Bucket, SetupError> {
    let region = Region::Custom { region: settings.region.clone(), endpoint: origin(address) };
    let (access_key, secret_key) = (settings.access_key.expose_secret(), settings.secret_key.expose_secret());
    let made = Credentials::new(Some(access_key), Some(secret_key), None, None, None)
        .map_err(S3Error::from)
        .and_then(|credentials| Bucket::new(&settings.bucket, region, credentials))
        .map_err(|error| SetupError::Client(Box::new(error)))?;
    let mut bucket = *made;
    match settings.addressing {
        Addressing::Path => bucket.set_path_style(),
        Addressing::VirtualHost => bucket.set_subdomain_style(),
    }
    bucket.set_request_timeout(Some(settings.timeout));
    Ok(bucket)
}

/// Makes the bucket if it is missing, and has the server remove what is temporary after so many days.
pub(crate) async fn prepare(
    bucket: &Bucket,
    region: &str,
    temporary_days: u32,
) -> Result<(), ObjectStoreError> {
    match look(bucket).await {
        Err(Failure::NoBucket) => make(bucket, region).await?,
        outcome => outcome?,
    }
    lifecycle::set(bucket, temporary_days).await;
    Ok(())
}

/// Whether the bucket is there for us.
async fn look(bucket: &Bucket) -> Result<(), Failure> {
    repeated(|| bucket.list_page(String::new(), None, None, None, Some(1))).await?;
    Ok(())
}

async fn make(bucket: &Bucket, region: &str) -> Result<(), Failure> {
    let location = (region != DEFAULT_REGION)
        .then(|| Region::Custom { region: region.to_owned(), endpoint: bucket.region().endpoint() });
    let configuration = BucketConfiguration::new(None, false, None, None, None, None, None, location);
    let made =
        repeated(|| command(bucket, "", Command::CreateBucket { config: configuration.clone() })).await;
    match made {
        Ok(_) => tracing::info!(bucket = bucket.name(), "a bucket was made"),
        // Another process was faster, or an answer was lost: what counts is that it is there.
        Err(failure) => {
            tracing::debug!(%failure, "a bucket was not made");
            return look(bucket).await.map_err(|look| if look.is_ambiguous() { look } else { failure });
        }
    }
    Ok(())
}
