-- What wrk's scripts share: answers counted by status, and a line of JSON at the end.

statuses = {}
local thread

function setup(it) thread = it end

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
