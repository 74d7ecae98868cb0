### For operators.

operator_paused =
    ⛔ <b>Paused: { $subject }</b>
    { $code }: { $detail }
    It stays paused until a free check succeeds.
operator_resumed = ✅ <b>Works again: { $subject }</b>
operator_new_failure =
    🐞 <b>A failure of a new kind</b>
    <code>{ $fingerprint }</code>
    The person was told <code>{ $reference }</code>.
operator_shutdown = 📅 <b>{ $model }</b> will be shut down on { $date }.
operator_spend_cap =
    💸 <b>Today's cap of { $cap } is reached</b>
    Nothing more is taken on until { $until }. AISHA_SPENDING__DAILY_USD_IN_ALL sets the cap.
