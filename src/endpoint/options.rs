//! Macros for optional parameters.

/// Declares a consuming setter for each option.
///
/// For endpoints that are not declared by `endpoint!`, `RULES [..]` before the options also declares the documented
/// bounds. The brackets contain the bounds of required parameters.
macro_rules! setters {
    (
        RULES [$($need:ident $need_rule:ident($($need_bound:tt)*)),*]
        $(
            $(#[$doc:meta])* $option:ident: $type:ty $(where $rule:ident($($bound:tt)*))?,
        )*
    ) => {
        /// Documented bounds of the parameters.
        pub const RULES: &'static [crate::error::ParameterRule] = &[
            $(crate::error::ParameterRule::new(
                stringify!($need),
                crate::endpoint::rule!($need_rule($($need_bound)*)),
            ),)*
            $($(crate::error::ParameterRule::new(
                stringify!($option),
                crate::endpoint::rule!($rule($($bound)*)),
            ),)?)*
        ];

        crate::endpoint::setters! {
            $($(#[$doc])* $option: $type $(where $rule($($bound)*))?,)*
        }
    };
    ($($(#[$doc:meta])* $option:ident: $type:ty $(where $rule:ident($($bound:tt)*))?,)*) => {$(
        $(#[$doc])*
        $(#[doc = ""] #[doc = crate::endpoint::rule_doc!($rule($($bound)*))])?
        pub fn $option(mut self, $option: $type) -> Self {
            self.$option = Some($option);
            self
        }
    )*};
}
pub(crate) use setters;

/// Expands to the name of a parameter on the wire, which is the name of its field unless another name is given.
macro_rules! wire {
    ($name:ident) => {
        stringify!($name)
    };
    ($name:ident $wire:literal) => {
        $wire
    };
}
pub(crate) use wire;
