-- wrk's script: GET of the paths in a file, one after the other; counts answers by status. Argument: FILE.

local paths, number = {}, 0
statuses = {}
local thread

function setup(it) thread = it end

function init(args)
    for line in io.lines(args[1]) do table.insert(paths, line) end
end

function request()
    number = number % #paths + 1
    return "GET " .. paths[number] .. " HTTP/1.1\r\nHost: localhost\r\n\r\n"
end

function response(status)
    statuses[status] = (statuses[status] or 0) + 1
end

function done(summary, latency)
    local counted = {}
    for status, count in pairs(thread:get("statuses")) do
        table.insert(counted, string.format('"%s":%d', status, count))
    end
    local broken = summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout
    io.write(string.format(
        'BIDS {"seconds":%f,"answers":%d,"p50":%f,"p90":%f,"p99":%f,"max":%f,"broken":%d,"statuses":{%s}}\n',
        summary.duration / 1e6, summary.requests, latency:percentile(50) / 1e3, latency:percentile(90) / 1e3,
        latency:percentile(99) / 1e3, latency.max / 1e3, broken, table.concat(counted, ",")))
end
