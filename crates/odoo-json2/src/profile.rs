//! Who the key belongs to.

use crate::{Error, Odoo, Record, Ref, derive_support};

/// The settings of the user of the key, from `res.users/context_get`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserContext {
    /// The id of the user.
    pub uid: i64,
    /// The language, such as `en_US`.
    pub lang: Option<String>,
    /// The IANA time zone.
    pub tz: Option<String>,
}

/// The user of the key.
#[derive(Clone, Debug, PartialEq)]
pub struct Profile {
    /// The id of the user.
    pub uid: i64,
    /// The name with which the user signs in.
    pub login: String,
    /// The name of the person.
    pub name: String,
    /// The address of the person.
    pub email: Option<String>,
    /// The language, such as `en_US`.
    pub lang: Option<String>,
    /// The IANA time zone.
    pub tz: Option<String>,
    /// The company the user works in unless told otherwise.
    pub company: CompanyRef,
    /// All companies of the user.
    pub companies: Vec<CompanyRef>,
    /// The employee of the user in the current company, where there is one.
    pub employee: Option<Ref>,
    /// Whether the user comes from outside (portal, public) and is no internal user.
    pub share: bool,
}

/// A company, and the money it counts in.
#[derive(Clone, Debug, PartialEq, Eq, Record)]
#[odoo(model = "res.company")]
pub struct CompanyRef {
    /// The id of the company.
    pub id: i64,
    /// Its name.
    #[odoo(rename = "display_name")]
    pub name: String,
    /// Its currency; the name is the code, such as `EUR`.
    #[odoo(rename = "currency_id")]
    pub currency: Option<Ref>,
}

#[derive(Record)]
#[odoo(model = "res.users")]
struct User {
    id: i64,
    login: String,
    name: String,
    email: Option<String>,
    lang: Option<String>,
    tz: Option<String>,
    company_id: CompanyRef,
    company_ids: Vec<CompanyRef>,
    #[odoo(optional)]
    employee_id: Option<Ref>,
    share: bool,
}

impl Odoo {
    /// The user of the key and their settings: the cheapest check of a key.
    ///
    /// # Errors
    /// [`Error::InvalidKey`] when the key is not accepted, and every other [`Error`].
    pub async fn context_get(&self) -> Result<UserContext, Error> {
        let value = self
            .perform(&self.reading("res.users", "context_get"))
            .await?;
        Ok(UserContext {
            uid: derive_support::field(&value, "uid")?,
            lang: derive_support::field(&value, "lang")?,
            tz: derive_support::field(&value, "tz")?,
        })
    }

    /// The user of the key with companies and employee: two calls, a third where the app that
    /// knows employees is not installed.
    ///
    /// # Errors
    /// [`Error::InvalidKey`] when the key is not accepted, and every other [`Error`].
    pub async fn profile(&self) -> Result<Profile, Error> {
        let uid = self.context_get().await?.uid;
        let user = match self.read_one::<User>(uid).await {
            // A field that no installed app brings is a ValueError that names it.
            Err(Error::BadArguments { message, .. }) if message.contains("employee_id") => {
                self.read_one::<User>(uid)
                    .readable(&crate::ReadableFields::default())
                    .await?
            }
            other => other?,
        };
        Ok(user.into_profile())
    }
}

impl User {
    fn into_profile(self) -> Profile {
        Profile {
            uid: self.id,
            login: self.login,
            name: self.name,
            email: self.email,
            lang: self.lang,
            tz: self.tz,
            company: self.company_id,
            companies: self.company_ids,
            employee: self.employee_id,
            share: self.share,
        }
    }
}
