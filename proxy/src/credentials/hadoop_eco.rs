//! Hadoop Eco: an access key (`Credential-ID`, `Credential-Secret`) and the `Hadoop-Eco-Api-Key` of the addressed
//! cluster, on every call. Reference: "Cluster Re-work API", Request Header.

use std::time::Instant;

use futures_util::future::BoxFuture;
use howdah_shared::problem::{Code, Problem};
use http::header::{CONTENT_TYPE, HeaderName, HeaderValue};

use super::{AddressedCluster, Credentials, Outgoing, set_secret};
use crate::secrets::{Secret, SecretRef};

const API_KEY: HeaderName = HeaderName::from_static("hadoop-eco-api-key");
const CREDENTIAL_ID: HeaderName = HeaderName::from_static("credential-id");
const CREDENTIAL_SECRET: HeaderName = HeaderName::from_static("credential-secret");

pub(super) struct HadoopEco {
    id: Secret,
    secret: Secret,
}

impl HadoopEco {
    pub(super) fn open(id: &SecretRef, secret: &SecretRef) -> Result<HadoopEco, String> {
        Ok(HadoopEco { id: Secret::open(id)?, secret: Secret::open(secret)? })
    }
}

impl Credentials for HadoopEco {
    fn apply<'a>(
        &'a self,
        outgoing: &'a mut Outgoing,
        cluster: Option<AddressedCluster<'a>>,
    ) -> BoxFuture<'a, Result<(), Box<Problem>>> {
        Box::pin(async move {
            let cluster = cluster.ok_or_else(|| {
                Problem::new(Code::ClusterNotConfigured, "This call addresses no configured cluster.")
            })?;
            let key = cluster.key.ok_or_else(|| {
                let name = cluster.name;
                Problem::new(
                    Code::ClusterKeyMissing,
                    format!(
                        "The cluster {name} has no Open API key in Howdah's configuration. Issue one in the KakaoCloud \
                         console (Hadoop Eco, Cluster Tasks, Issue Open API Key) and add it to the cluster as `key`."
                    ),
                )
            })?;
            let headers = &mut outgoing.headers;
            set_secret(headers, API_KEY, &key.current())?;
            set_secret(headers, CREDENTIAL_ID, &self.id.current())?;
            set_secret(headers, CREDENTIAL_SECRET, &self.secret.current())?;
            // The reference sends it with its GETs too.
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
            Ok(())
        })
    }

    fn renew(&self, _: Instant) -> BoxFuture<'_, bool> {
        // A key that was changed in its file since it was last looked at.
        Box::pin(async {
            // Both are looked at: they change together.
            let renewed = [&self.id, &self.secret].map(|secret| secret.refresh() == Ok(true));
            renewed.contains(&true)
        })
    }

    fn secrets(&self) -> Vec<Secret> {
        vec![self.id.clone(), self.secret.clone()]
    }
}
