//! The fakes run the suites of the ports that they stand for; the servers and proxies do what they say.

mod avatar_notifier;
mod callback_urls;
mod fake_pictures;
mod fakes;
mod fakes_of_avatars;
mod postgres;
mod proxy;
mod redis;
mod weather;
