//! A connection to Redis that counts its round trips, and the names of what the fleet keeps there.

use std::time::Duration;

use redis::{Client, Cmd, Connection, FromRedisValue, Pipeline, RedisResult};

pub(crate) struct Store {
    connection: Connection,
    prefix: String,
    /// How often this connection has waited for Redis.
    pub(crate) round_trips: u64,
}

/// How long Redis may take for one answer, the wait for a job included.
const PATIENCE: Duration = Duration::from_secs(5);

impl Store {
    /// Connects. Every key begins with the prefix, so that fleets do not meet in one Redis.
    pub(crate) fn open(url: &str, prefix: &str) -> RedisResult<Self> {
        let connection = Client::open(url)?.get_connection_with_timeout(PATIENCE)?;
        connection.set_read_timeout(Some(PATIENCE))?;
        connection.set_write_timeout(Some(PATIENCE))?;
        Ok(Self { connection, prefix: prefix.to_owned(), round_trips: 0 })
    }

    pub(crate) fn key(&self, name: &str) -> String {
        format!("{}{name}", self.prefix)
    }

    /// One command, one round trip.
    pub(crate) fn ask<T: FromRedisValue>(&mut self, command: &Cmd) -> RedisResult<T> {
        self.round_trips += 1;
        command.query(&mut self.connection)
    }

    /// Several commands in one round trip; all or nothing where the pipeline is atomic.
    pub(crate) fn ask_all<T: FromRedisValue>(&mut self, commands: &Pipeline) -> RedisResult<T> {
        self.round_trips += 1;
        commands.query(&mut self.connection)
    }

    /// Removes everything that the fleet has kept.
    pub(crate) fn clear(&mut self) -> RedisResult<()> {
        let pattern = self.key("*");
        let mut cursor = 0_u64;
        loop {
            let mut scan = redis::cmd("SCAN");
            scan.arg(cursor).arg("MATCH").arg(&pattern).arg("COUNT").arg(500);
            let (next, keys): (u64, Vec<String>) = self.ask(&scan)?;
            if !keys.is_empty() {
                self.ask::<()>(redis::cmd("UNLINK").arg(keys))?;
            }
            cursor = next;
            if cursor == 0 {
                return Ok(());
            }
        }
    }
}
