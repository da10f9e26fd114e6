//! Whether a failed attempt is followed by another, and when.

use std::time::Duration;

use pipec_ir::Retry;

use super::Cause;

/// How long to wait after so many attempts; `None` if there is no other.
pub(crate) fn wait_before_next(retry: &Retry, attempts: u32, cause: &Cause) -> Option<Duration> {
    let is_tried_again = match cause {
        Cause::Status(status) => {
            retry.exit_codes.as_ref().is_none_or(|codes| codes.iter().any(|code| i32::from(*code) == *status))
        }
        Cause::TimedOut => true,
        Cause::Cancelled | Cause::Final => false,
    };
    if !is_tried_again || attempts > retry.limit {
        return None;
    }
    let first = retry.backoff_ms.unwrap_or(0) as f64;
    let exponent = i32::try_from(attempts.saturating_sub(1)).unwrap_or(i32::MAX);
    let most = retry.max_backoff_ms.map_or(f64::MAX, |most| most as f64);
    let wait = (first * retry.factor.unwrap_or(1.0).powi(exponent)).min(most);
    // Also what isn't a number becomes a duration.
    Some(Duration::from_millis(wait.max(0.0) as u64))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waits(retry: &Retry, cause: &Cause) -> Vec<Option<u64>> {
        let wait = |attempts| wait_before_next(retry, attempts, cause).map(|wait| wait.as_millis() as u64);
        (1..=4).map(wait).collect()
    }

    #[test]
    fn waits_grow_by_the_factor_up_to_the_most() {
        let mut retry = Retry {
            limit: 3,
            backoff_ms: Some(100),
            factor: Some(2.0),
            max_backoff_ms: None,
            exit_codes: None,
        };
        assert_eq!(waits(&retry, &Cause::Status(1)), [Some(100), Some(200), Some(400), None]);
        retry.max_backoff_ms = Some(150);
        assert_eq!(waits(&retry, &Cause::TimedOut), [Some(100), Some(150), Some(150), None]);
        retry.factor = Some(1e300);
        assert_eq!(waits(&retry, &Cause::TimedOut), [Some(100), Some(150), Some(150), None]);
        assert_eq!(waits(&retry, &Cause::Final), [None; 4]);
        assert_eq!(waits(&retry, &Cause::Cancelled), [None; 4]);
    }

    #[test]
    fn exit_codes_narrow_which_statuses_are_tried_again() {
        let retry = Retry {
            limit: 1,
            backoff_ms: None,
            factor: None,
            max_backoff_ms: None,
            exit_codes: Some(vec![104, 137]),
        };
        assert_eq!(waits(&retry, &Cause::Status(104))[0], Some(0));
        assert_eq!(waits(&retry, &Cause::Status(128 + 9))[0], Some(0));
        assert_eq!(waits(&retry, &Cause::Status(1))[0], None);
        assert_eq!(waits(&retry, &Cause::TimedOut)[0], Some(0));
    }
}
