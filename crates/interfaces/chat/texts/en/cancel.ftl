### Taking back.

nothing_to_cancel = There is nothing to cancel.
cancelled =
    ✖ { $count ->
        [one] Cancelled. It cost nothing.
       *[other] { $count } requests cancelled. They cost nothing.
    }
too_late_to_cancel =
    { $count ->
        [one] A request is being drawn already and can't be taken back. You pay only for what arrives.
       *[other] { $count } requests are being drawn already and can't be taken back. You pay only for what arrives.
    }
conversation_cleared = All right, let's begin afresh.
request_cancelled = Cancelled. It cost nothing.
request_too_late = It's being drawn already and can't be taken back.
