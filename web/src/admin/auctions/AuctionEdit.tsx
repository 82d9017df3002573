// A draft's form. What is listed is changed by actions alone, so its page leads there.

import { Alert } from "@mui/material";
import {
  DeleteButton,
  SaveButton,
  ShowButton,
  SimpleForm,
  Toolbar,
  TopToolbar,
  useRecordContext,
  useTranslate,
} from "react-admin";
import { GuardedEdit } from "../conflict/GuardedEdit";
import { AuctionForm } from "./AuctionForm";
import { draftTerms } from "./terms";

export default function AuctionEdit() {
  return (
    <GuardedEdit
      subject="auctions"
      transform={draftTerms}
      actions={
        <TopToolbar>
          <ShowButton />
        </TopToolbar>
      }
    >
      <Draft />
    </GuardedEdit>
  );
}

function Draft() {
  const translate = useTranslate();
  const record = useRecordContext();
  if (record && record.status !== "draft")
    return <Alert severity="info">{translate("vendue.terms.listed_already")}</Alert>;
  return (
    <SimpleForm
      toolbar={
        <Toolbar>
          <SaveButton />
          <DeleteButton mutationMode="pessimistic" sx={{ ml: "auto" }} />
        </Toolbar>
      }
    >
      <AuctionForm />
    </SimpleForm>
  );
}
