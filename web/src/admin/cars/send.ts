// A photo on its way to the server, as the panel's forms take what comes of it.

import { Refused, Unreachable } from "../../api/http";
import type { Photo } from "../../api/types";
import { sendPhoto as send } from "../../api/upload";
import { type Raw, toRecord } from "../data/rows";

export async function sendPhoto(file: File, sent: (part: number) => void): Promise<Photo> {
  const found = await send(file, sent);
  if ("photo" in found) return toRecord(found.photo as unknown as Raw) as unknown as Photo;
  throw found.error ? new Refused(found.error, null) : new Unreachable("The server cannot be reached.");
}
