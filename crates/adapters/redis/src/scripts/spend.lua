-- Counts an action if it is within its limit; 0, or how many microseconds it has to wait.
-- KEYS: when the whole burst will be earned back, in microseconds since the epoch. ARGV: period in microseconds, burst.
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local period = tonumber(ARGV[1])
local all_spent = now + period * ARGV[2]
local earned_back_at = tonumber(redis.call('GET', KEYS[1]) or now)
-- Nothing can be further away than a whole burst, unless the clock was set back meanwhile.
earned_back_at = math.min(math.max(earned_back_at, now), all_spent)
local later = earned_back_at + period
if later > all_spent then
    return later - all_spent
end
local lifetime = math.max(math.ceil((later - now) / 1000), 1)
redis.call('SET', KEYS[1], string.format('%.0f', later), 'PX', string.format('%.0f', lifetime))
return 0
