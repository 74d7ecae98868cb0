-- Gives no turn in a lane before a pause has passed.
-- KEYS: when the lane is drained, in microseconds since the epoch. ARGV: period, burst, pause; times in microseconds.
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local full_at = now + ARGV[3] + ARGV[1] * (ARGV[2] - 1)
local drained_at = tonumber(redis.call('GET', KEYS[1]) or now)
if drained_at < full_at then
    local lifetime = math.max(math.ceil((full_at - now) / 1000), 1)
    redis.call('SET', KEYS[1], string.format('%.0f', full_at), 'PX', string.format('%.0f', lifetime))
end
return 0
