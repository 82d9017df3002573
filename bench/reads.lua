-- wrk's script: GET of the paths in a file, one after the other. Argument: FILE.

local here = debug.getinfo(1, "S").source:sub(2):match("^(.*/)")
dofile(here .. "answers.lua")

local paths, number = {}, 0

function init(args)
    for line in io.lines(args[1]) do table.insert(paths, line) end
end

function request()
    number = number % #paths + 1
    return "GET " .. paths[number] .. " HTTP/1.1\r\nHost: localhost\r\n\r\n"
end
