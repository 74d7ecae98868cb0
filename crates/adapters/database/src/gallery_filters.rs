//! Which items of a gallery are shown, as a condition of a statement.

use gallery::{FavouritesShown, GalleryFilter};
use kernel::{AvatarId, Timestamp};
use sea_orm::Value;

/// The condition for an item to be shown; its values are added to those of the statement. Each part of it is written so
/// that the partial index which is made for it can be used.
pub(crate) fn is_shown(filter: &GalleryFilter, values: &mut Vec<Value>) -> String {
    let GalleryFilter { favourites, origin, avatar, since, until } = *filter;
    let mut conditions = vec!["deleted_at IS NULL".to_owned()];
    if favourites == FavouritesShown::Only {
        conditions.push("favourite".to_owned());
    }
    let compared: [(&str, Option<Value>); 4] = [
        ("origin =", origin.map(|origin| origin.as_str().into())),
        ("avatar_id =", avatar.map(|avatar: AvatarId| avatar.uuid().into())),
        ("created_at >=", since.map(|since: Timestamp| since.as_micros().into())),
        ("created_at <", until.map(|until: Timestamp| until.as_micros().into())),
    ];
    for (comparison, value) in compared {
        if let Some(value) = value {
            values.push(value);
            conditions.push(format!("{comparison} ${}", values.len()));
        }
    }
    conditions.join(" AND ")
}

#[cfg(test)]
mod tests {
    use gallery::Origin;
    use uuid::Uuid;

    use super::*;
    use crate::statement::values;

    #[test]
    fn all_conditions_must_be_met_and_their_values_follow_those_of_the_statement() {
        let mut values = values![1, 2];
        assert_eq!(is_shown(&GalleryFilter::ALL, &mut values), "deleted_at IS NULL");
        assert_eq!(values.len(), 2);
        let filter = GalleryFilter {
            favourites: FavouritesShown::Only,
            origin: Some(Origin::Avatar),
            avatar: Some(AvatarId::new(Uuid::nil())),
            since: Some(Timestamp::from_micros(5)),
            until: Some(Timestamp::from_micros(6)),
        };
        let condition = is_shown(&filter, &mut values);
        assert_eq!(
            condition,
            "deleted_at IS NULL AND favourite AND origin = $3 AND avatar_id = $4 AND created_at >= $5 \
            AND created_at < $6"
        );
        assert_eq!(values[2..], values!["avatar", Uuid::nil(), 5_i64, 6_i64]);
    }
}
