-- Keeps a balance unless one of a higher version was seen.
-- KEYS: the balance, its version. ARGV: version, balance, lifetime of the balance and of the version in milliseconds.
local seen = redis.call('GET', KEYS[2])
if seen and tonumber(seen) > tonumber(ARGV[1]) then
    return 0
end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
redis.call('SET', KEYS[2], ARGV[1], 'PX', ARGV[4])
return 1
