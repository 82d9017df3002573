// From what to what, a field a line. Of lists, such as a role's actions, what went and what came.

import { Box } from "@mui/material";
import { useTranslate } from "react-admin";
import { NOTHING } from "../parts/formats";

interface Props {
  changes: Record<string, [unknown, unknown]> | null;
  subject: string;
}

export function Changes({ changes, subject }: Props) {
  const translate = useTranslate();
  const entries = Object.entries(changes ?? {});
  if (!entries.length) return null;
  return (
    <Box component="ul" sx={{ m: 0, p: 0, listStyle: "none", maxWidth: 420, overflowWrap: "anywhere" }}>
      {entries.map(([name, [before, after]]) => (
        <li key={name}>
          <Box component="span" sx={{ color: "text.secondary" }}>
            {translate(`resources.${subject.replace("_", "-")}.fields.${name}`, { _: name })}:
          </Box>{" "}
          {name === "actions" ? (
            <>
              {listed("−", before)} {listed("+", after)}
            </>
          ) : (
            <>
              {shown(before)} → {shown(after)}
            </>
          )}
        </li>
      ))}
    </Box>
  );
}

const listed = (sign: string, names: unknown) =>
  (Array.isArray(names) ? names : []).map((name) => `${sign} ${`${name}`.split(".").slice(1).join(".")}`).join(", ");

function shown(value: unknown): string {
  if (value === null || value === undefined || value === "") return NOTHING;
  const text = typeof value === "object" ? JSON.stringify(value) : `${value}`;
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
