//! Steps of longer ways as bytes.

use super::bytes::{Field, Reader};
use super::{ErasureStep, PickStep};

impl Field for PickStep {
    fn write(&self, into: &mut Vec<u8>) {
        match self {
            Self::Page { view, page } => {
                into.push(0);
                view.write(into);
                page.write(into);
            }
            Self::Toggle { item, view, page } => {
                into.push(1);
                item.write(into);
                view.write(into);
                page.write(into);
            }
            Self::WholePage { view, page } => {
                into.push(2);
                view.write(into);
                page.write(into);
            }
            Self::Nothing { view, page } => {
                into.push(3);
                view.write(into);
                page.write(into);
            }
            Self::AskDeletion { view, page } => {
                into.push(4);
                view.write(into);
                page.write(into);
            }
            Self::Delete { nonce, view } => {
                into.push(5);
                nonce.write(into);
                view.write(into);
            }
            Self::Download { nonce } => {
                into.push(6);
                nonce.write(into);
            }
        }
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        Some(match from.byte()? {
            0 => Self::Page { view: from.read()?, page: from.read()? },
            1 => Self::Toggle { item: from.read()?, view: from.read()?, page: from.read()? },
            2 => Self::WholePage { view: from.read()?, page: from.read()? },
            3 => Self::Nothing { view: from.read()?, page: from.read()? },
            4 => Self::AskDeletion { view: from.read()?, page: from.read()? },
            5 => Self::Delete { nonce: from.read()?, view: from.read()? },
            6 => Self::Download { nonce: from.read()? },
            _ => return None,
        })
    }
}

impl Field for ErasureStep {
    fn write(&self, into: &mut Vec<u8>) {
        match self {
            Self::Ask => into.push(0),
            Self::AskAgain { shown } => {
                into.push(1);
                shown.write(into);
            }
            Self::Confirmed { shown } => {
                into.push(2);
                shown.write(into);
            }
        }
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        Some(match from.byte()? {
            0 => Self::Ask,
            1 => Self::AskAgain { shown: from.read()? },
            2 => Self::Confirmed { shown: from.read()? },
            _ => return None,
        })
    }
}
