// A photo on its way to the server. XMLHttpRequest, because fetch does not tell how much was sent.

import { Refused, Unreachable } from "../../api/http";
import { currentSession, renew } from "../../api/session";
import type { Photo } from "../../api/types";
import { type Raw, toRecord } from "../data/rows";

export async function sendPhoto(file: File, sent: (part: number) => void): Promise<Photo> {
  const first = await post(file, sent);
  const answer = first.status === 401 && (await renew()) ? await post(file, sent) : first;
  const body = JSON.parse(answer.responseText || "null");
  if (answer.status !== 201) throw new Refused(body.error, null);
  return toRecord((body as Raw[])[0] as Raw) as unknown as Photo;
}

function post(file: File, sent: (part: number) => void): Promise<XMLHttpRequest> {
  const form = new FormData();
  form.append("files", file);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", "/api/upload");
    request.setRequestHeader("Authorization", `Bearer ${currentSession().token}`);
    request.upload.onprogress = ({ loaded, total }) => sent(total ? loaded / total : 0);
    request.onload = () => resolve(request);
    request.onerror = () => reject(new Unreachable("The server cannot be reached."));
    request.send(form);
  });
}
