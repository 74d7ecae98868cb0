-- Puts a wake-up in line and rings for an idle worker; whether it is new. What the server lost of a line, a later push of
-- the same wake-up puts right.
-- KEYS: the accounts in their order, the account's jobs in their order, the bell, the number of the next turn.
-- ARGV: account, job, how many accounts and how many jobs of one may wait, lifetime in milliseconds.
local knows_account = redis.call('ZSCORE', KEYS[1], ARGV[1])
if not knows_account and redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[3]) then
    return 0
end
if redis.call('ZCARD', KEYS[2]) >= tonumber(ARGV[4]) then
    return 0
end
local turn = redis.call('INCR', KEYS[4])
local is_new = redis.call('ZADD', KEYS[2], 'NX', turn, ARGV[2])
redis.call('ZADD', KEYS[1], 'NX', turn, ARGV[1])
if redis.call('LLEN', KEYS[3]) == 0 then
    redis.call('RPUSH', KEYS[3], 1)
end
for key = 1, 3 do
    redis.call('PEXPIRE', KEYS[key], ARGV[5])
end
return is_new
