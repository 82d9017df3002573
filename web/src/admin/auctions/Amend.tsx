// New terms for what is scheduled: whole, as the log takes them, and with a reason.

import { Alert, Box, Button, Card, CardContent } from "@mui/material";
import { useRef, useState } from "react";
import {
  Form,
  HttpError,
  ResourceContextProvider,
  Title,
  useGetOne,
  useNotify,
  useRedirect,
  useTranslate,
} from "react-admin";
import { useParams } from "react-router-dom";
import { newKey } from "../../api/key";
import { act } from "../data/act";
import { ReasonDialog } from "../parts/ReasonDialog";
import { TermsInputs } from "./TermsInputs";
import { wholeTerms } from "./terms";

type Terms = Record<string, unknown>;
type Answer = (errors: object | undefined) => void;

export default function Amend() {
  const { id = "" } = useParams();
  const translate = useTranslate();
  const notify = useNotify();
  const redirect = useRedirect();
  const { data: auction } = useGetOne("auctions", { id });
  const [asked, setAsked] = useState<Terms | null>(null);
  const answer = useRef<Answer | null>(null);
  const key = useRef("");
  if (!auction) return null;
  if (auction.status !== "scheduled") return <Alert severity="info">{translate("vendue.amend.not_scheduled")}</Alert>;

  // The form waits for the dialog: a fault that the log finds is shown at its field.
  function submit(values: Terms): Promise<object | undefined> {
    setAsked(wholeTerms(values));
    key.current = newKey();
    return new Promise((resolve) => {
      answer.current = resolve;
    });
  }

  async function send(reason: string) {
    try {
      await act(id, "amend", { ...asked, reason }, key.current);
    } catch (error) {
      if (error instanceof HttpError && error.body?.errors) {
        answer.current?.(error.body.errors);
        return;
      }
      throw error;
    }
    answer.current?.(undefined);
    notify("vendue.actions.done", { type: "success" });
    redirect("show", "auctions", id);
  }

  return (
    <ResourceContextProvider value="auctions">
      <Title title={translate("vendue.amend.title", { title: auction.title })} />
      <Card>
        <CardContent>
          <Alert severity="info">{translate("vendue.amend.whole")}</Alert>
          <Form record={auction} onSubmit={submit}>
            <TermsInputs />
            <Box sx={{ mt: 2 }}>
              <Button type="submit" variant="contained">
                {translate("vendue.amend.next")}
              </Button>
            </Box>
          </Form>
        </CardContent>
      </Card>
      {asked && (
        <ReasonDialog
          title={translate("vendue.actions.amend.title")}
          text={auction.title}
          confirm={translate("vendue.actions.amend.confirm")}
          ask={send}
          close={() => {
            setAsked(null);
            answer.current?.(undefined);
          }}
        />
      )}
    </ResourceContextProvider>
  );
}
