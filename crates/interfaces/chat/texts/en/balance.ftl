### Credits and their history.

balance =
    <b>{ $available ->
        [one] { $available } credit
       *[other] { $available } credits
    } to spend</b>
    Bonus: { $bonus } · Paid: { $paid }
    Set aside for work under way: { $held }
history_title = <b>History</b>
history_empty = Nothing has happened yet.
history_line = { $date } · <b>{ $change }</b> · { $what }
entry_welcome = welcome gift
entry_gift = bonus
entry_bought = bought
entry_hold = set aside for images
entry_capture =
    { $credits ->
        [one] { $credits } credit spent on images
       *[other] { $credits } credits spent on images
    }
entry_release = returned, nothing was spent
entry_refund = refunded
entry_claw_back = purchase returned
entry_with_memo = { $what } ({ $memo })
button_older_entries = Older ›
button_newest_entries = « Newest
