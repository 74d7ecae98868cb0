//! Starts a server, says where, and waits to be killed: for the test that nothing is left behind then.

use testkit::servers::{Durability, PostgresServer};

fn main() {
    let server = PostgresServer::start(Durability::Careless);
    println!("started in {}", server.directory().display());
    loop {
        std::thread::park();
    }
}
