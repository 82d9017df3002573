import { Box } from "@mui/material";
import { NOTHING, useFormats } from "./formats";

// A time that does not break over lines; `exact` with its milliseconds.
export function Moment({ at, exact }: { at: number | string | null | undefined; exact?: boolean }) {
  const { moment } = useFormats();
  if (at === null || at === undefined) return <>{NOTHING}</>;
  const date = new Date(at);
  return (
    <Box component="time" dateTime={date.toISOString()} sx={{ whiteSpace: "nowrap" }}>
      {moment(at)}
      {exact && (
        <Box component="span" sx={{ color: "text.secondary" }}>
          .{`${date.getMilliseconds()}`.padStart(3, "0")}
        </Box>
      )}
    </Box>
  );
}
