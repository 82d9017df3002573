// The actions that an auction lets this role take now, as a menu, or as buttons where there is room.

import MoreIcon from "@mui/icons-material/MoreVert";
import { Button, IconButton, Menu, MenuItem } from "@mui/material";
import { useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import { useTranslate } from "react-admin";
import type { Status } from "../../api/types";
import { ownActions } from "../auth/staff";
import { TOUCH } from "../look/tokens";
import { ActionDialog, type Subject } from "./ActionDialog";
import { type Asked, DANGEROUS, NEEDED, possible } from "./actions";

interface Props {
  subject: Subject;
  status: Status;
  asButtons?: boolean;
  done?: () => void;
}

export function ActionMenu({ subject, status, asButtons, done }: Props) {
  const translate = useTranslate();
  const id = useId();
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const [action, setAction] = useState<Asked | null>(null);
  const { data: own } = useQuery({ queryKey: ["own-actions"], queryFn: ownActions });
  const found = possible(status).filter((each) => !own || own.has(NEEDED[each]));
  const name = (each: Asked) => translate(`vendue.actions.${each}.name`);

  function choose(each: Asked) {
    setAnchor(null);
    setAction(each);
  }

  return (
    <>
      {asButtons ? (
        found.map((each) => (
          <Button
            key={each}
            size="small"
            color={DANGEROUS.includes(each) ? "error" : "primary"}
            onClick={() => choose(each)}
          >
            {name(each)}
          </Button>
        ))
      ) : (
        <>
          <IconButton
            aria-label={translate("vendue.actions.of", { title: subject.title })}
            aria-haspopup="menu"
            aria-expanded={!!anchor}
            aria-controls={anchor ? id : undefined}
            disabled={!found.length}
            onClick={(event) => setAnchor(event.currentTarget)}
            sx={{ width: TOUCH, height: TOUCH }}
          >
            <MoreIcon />
          </IconButton>
          <Menu id={id} anchorEl={anchor} open={!!anchor} onClose={() => setAnchor(null)}>
            {found.map((each) => (
              <MenuItem key={each} onClick={() => choose(each)}>
                {name(each)}…
              </MenuItem>
            ))}
          </Menu>
        </>
      )}
      {action && <ActionDialog action={action} subject={subject} close={() => setAction(null)} done={done} />}
    </>
  );
}
