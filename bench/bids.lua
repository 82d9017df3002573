-- wrk's script: distinct bids, in turn on many auctions by many bidders, always rising; counts answers by status.
-- Arguments: FILE (lines `token T` and `auction A`), BASE (first amount), LOW (percent of bids that are too low),
-- DELAY (ms that each connection waits before a bid; 0: none).

local here = debug.getinfo(1, "S").source:sub(2):match("^(.*/)")
dofile(here .. "answers.lua")

local tokens, auctions, base, low = {}, {}, 0, 0
local number = 0

function init(args)
    for line in io.lines(args[1]) do
        local kind, value = line:match("^(%a+) (.+)$")
        table.insert(kind == "token" and tokens or auctions, value)
    end
    base, low = tonumber(args[2]), tonumber(args[3])
    local wait = tonumber(args[4])
    if wait > 0 then
        function delay() return wait end
    end
    math.randomseed(base)
end

function request()
    local place, cycle = number % #auctions, math.floor(number / #auctions)
    local amount = base + cycle
    if low > 0 and math.random(100) <= low then amount = 1 end
    local body = string.format('{"data":{"auction":"%s","amount":%d}}', auctions[place + 1], amount)
    local token = tokens[(place + cycle) % #tokens + 1]
    local text = string.format(
        "POST /api/bids HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\n" ..
        "Idempotency-Key: %d-%d\r\nContent-Length: %d\r\n\r\n%s", token, base, number, #body, body)
    number = number + 1
    return text
end
