//! Creating, changing and deleting records. None of these is ever sent twice.

use crate::{Error, FieldValue, Odoo, Values};

impl Odoo {
    /// Creates records and gives their ids, in the same order; no record, no call.
    ///
    /// # Errors
    /// Every [`Error`].
    pub async fn create(
        &self,
        model: &str,
        records: impl IntoIterator<Item = Values>,
    ) -> Result<Vec<i64>, Error> {
        let call = self.writing(model, "create").records(records);
        if call.records.is_empty() {
            return Ok(Vec::new());
        }
        Ok(Vec::from_value(&self.perform(&call).await?)?)
    }

    /// Writes the same values to some records. Odoo ignores fields that cannot be written.
    ///
    /// # Errors
    /// [`Error::Missing`] when a record does not exist, and every other [`Error`].
    pub async fn write(&self, model: &str, ids: &[i64], values: &Values) -> Result<(), Error> {
        if ids.is_empty() {
            return Ok(());
        }
        let call = self.writing(model, "write").ids(ids).arg("vals", values);
        self.perform(&call).await.map(drop)
    }

    /// Deletes records. Those that do not exist are passed over, which is how Odoo does it.
    ///
    /// # Errors
    /// Every [`Error`].
    pub async fn unlink(&self, model: &str, ids: &[i64]) -> Result<(), Error> {
        if ids.is_empty() {
            return Ok(());
        }
        self.perform(&self.writing(model, "unlink").ids(ids))
            .await
            .map(drop)
    }
}
