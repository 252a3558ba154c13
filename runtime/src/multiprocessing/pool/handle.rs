//! What a pool's handles have in common.

use std::sync::Arc;

use super::error::PoolError;
use super::parent::settings::Settings;
use super::parent::shared::Shared;
use crate::sync::lock_std;

/// Ends the pool when the last handle goes.
pub(super) struct Handle {
    pub(super) shared: Arc<Shared>,
}

impl Handle {
    pub(super) fn start(settings: Settings) -> Result<Self, PoolError> {
        let start = |error| PoolError::Start(Arc::new(error));
        let shared = Shared::new(settings).map_err(start)?;
        let handle = Self {
            shared: shared.clone(),
        };
        crate::process::service_thread::spawn("woozle-pool", {
            let shared = shared.clone();
            move || shared.handle()
        })
        .map_err(start)?;
        while lock_std(&shared.state).wants_worker(shared.settings.processes) {
            // What was started before ends with the handle.
            shared.start_worker()?;
        }
        Ok(handle)
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.shared.terminate();
        let _ = self.shared.join();
    }
}
