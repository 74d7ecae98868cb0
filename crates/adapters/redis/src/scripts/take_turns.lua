-- Takes turns in a lane; how many microseconds to wait for the first of them.
-- KEYS: when the lane is drained, in microseconds since the epoch. ARGV: period in microseconds, burst, number of turns.
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local period = tonumber(ARGV[1])
local drained_at = math.max(tonumber(redis.call('GET', KEYS[1]) or now), now)
local wait = math.max(drained_at - period * (ARGV[2] - 1) - now, 0)
drained_at = drained_at + period * ARGV[3]
local lifetime = math.max(math.ceil((drained_at - now) / 1000), 1)
redis.call('SET', KEYS[1], string.format('%.0f', drained_at), 'PX', string.format('%.0f', lifetime))
return wait
