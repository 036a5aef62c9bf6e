//! A connection to Redis that counts its round trips and adds a prefix to keys.

use std::time::Duration;

use redis::{Client, Cmd, Connection, FromRedisValue, Pipeline, RedisResult};

pub(crate) struct Store {
    connection: Connection,
    prefix: String,
    /// Number of responses that this connection has waited for.
    pub(crate) round_trips: u64,
}

/// Time limit for a response from Redis, including the wait for a job.
const TIMEOUT: Duration = Duration::from_secs(5);

impl Store {
    /// Connects to Redis. All keys begin with the prefix, so that several runs can share a server.
    pub(crate) fn open(url: &str, prefix: &str) -> RedisResult<Self> {
        let connection = Client::open(url)?.get_connection_with_timeout(TIMEOUT)?;
        connection.set_read_timeout(Some(TIMEOUT))?;
        connection.set_write_timeout(Some(TIMEOUT))?;
        Ok(Self { connection, prefix: prefix.to_owned(), round_trips: 0 })
    }

    pub(crate) fn key(&self, name: &str) -> String {
        format!("{}{name}", self.prefix)
    }

    /// Sends one command in one round trip.
    pub(crate) fn query<T: FromRedisValue>(&mut self, command: &Cmd) -> RedisResult<T> {
        self.round_trips += 1;
        command.query(&mut self.connection)
    }

    /// Sends several commands in one round trip. An atomic pipeline is executed completely or not at all.
    pub(crate) fn query_all<T: FromRedisValue>(&mut self, commands: &Pipeline) -> RedisResult<T> {
        self.round_trips += 1;
        commands.query(&mut self.connection)
    }

    /// Changes the value of a key by compare-and-set: reads the value, stores the result of `next`, and repeats this if
    /// another process has changed the value concurrently. Returns whether a value was stored.
    pub(crate) fn update<E: From<redis::RedisError>>(
        &mut self,
        key: &str,
        mut next: impl FnMut(Option<String>) -> Result<Option<String>, E>,
    ) -> Result<bool, E> {
        loop {
            let mut read = redis::pipe();
            read.cmd("WATCH").arg(key).ignore().get(key);
            let (stored,): (Option<String>,) = self.query_all(&read)?;
            let Some(value) = next(stored)? else {
                self.query::<()>(&redis::cmd("UNWATCH"))?;
                return Ok(false);
            };
            let mut write = redis::pipe();
            write.atomic().set(key, value).ignore();
            // The transaction returns null if another process has changed the key.
            if self.query_all::<Option<()>>(&write)?.is_some() {
                return Ok(true);
            }
        }
    }

    /// Removes every key with the prefix.
    pub(crate) fn clear(&mut self) -> RedisResult<()> {
        let pattern = self.key("*");
        let mut cursor = 0_u64;
        loop {
            let mut scan = redis::cmd("SCAN");
            scan.arg(cursor).arg("MATCH").arg(&pattern).arg("COUNT").arg(500);
            let (next, keys): (u64, Vec<String>) = self.query(&scan)?;
            if !keys.is_empty() {
                self.query::<()>(redis::cmd("UNLINK").arg(keys))?;
            }
            cursor = next;
            if cursor == 0 {
                return Ok(());
            }
        }
    }
}
