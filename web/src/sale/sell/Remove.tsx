import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useLocation } from "wouter";
import { ask } from "../../api/http";
import { Button } from "../../parts/Button";
import { Ask } from "../own/Ask";
import { useSaving } from "../own/useSaving";

interface RemoveProps {
  what: "car" | "auction";
  id: string;
  open: string; // on the button, and once more to confirm
  title: string;
  text: string;
  wide?: boolean;
}

// Take away a car or a draft, and leave its page.
export function Remove({ what, id, open, title, text, wide }: RemoveProps) {
  const client = useQueryClient();
  const [, navigate] = useLocation();
  const [asking, setAsking] = useState(false);
  const { busy, fault, run } = useSaving();
  const remove = async () => {
    if (!(await run(() => ask(`/api/${what}s/${id}`, { method: "DELETE" })))) return;
    navigate("/sell"); // first: the page would ask for the row again, which is gone
    client.removeQueries({ queryKey: ["own", what, id] });
    client.invalidateQueries({ queryKey: ["own"] });
  };
  return (
    <>
      <Button look="danger" wide={wide} onClick={() => setAsking(true)}>
        {open}
      </Button>
      <Ask
        open={asking}
        onClose={() => setAsking(false)}
        title={title}
        description={text}
        yes={open}
        danger
        busy={busy}
        fault={fault}
        onYes={remove}
      />
    </>
  );
}
