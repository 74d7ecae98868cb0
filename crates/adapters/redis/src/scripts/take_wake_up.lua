-- Takes the wake-up whose turn it is: the urgent first, of each urgency the accounts in turns, of each account the oldest.
-- KEYS: the accounts in their order for each urgency, then the bell and the number of the next turn.
-- ARGV: what the key of an account's jobs begins with, for each urgency.
local bell, turn = KEYS[#ARGV + 1], KEYS[#ARGV + 2]
for urgency, jobs_of in ipairs(ARGV) do
    local next = redis.call('ZPOPMIN', KEYS[urgency])
    while next[1] do
        local account = next[1]
        local jobs = jobs_of .. account
        local job = redis.call('ZPOPMIN', jobs)
        if job[1] then
            if redis.call('EXISTS', jobs) == 1 then
                redis.call('ZADD', KEYS[urgency], redis.call('INCR', turn), account)
            end
            for waiting = 1, #ARGV do
                if redis.call('EXISTS', KEYS[waiting]) == 1 then
                    -- Another worker may look as well.
                    if redis.call('LLEN', bell) == 0 then
                        redis.call('RPUSH', bell, 1)
                    end
                    return {urgency, account, job[1]}
                end
            end
            redis.call('DEL', bell)
            return {urgency, account, job[1]}
        end
        next = redis.call('ZPOPMIN', KEYS[urgency])
    end
end
redis.call('DEL', bell)
return false
