// What came of something that was asked, said to whoever asked and read out.

import { useNotify, useTranslate } from "react-admin";
import { Unreachable } from "../../api/http";

export function useFault(): (error: unknown) => string {
  const translate = useTranslate();
  return (error) => {
    if (error instanceof Unreachable) return translate("vendue.unreachable");
    return error instanceof Error ? error.message : `${error}`;
  };
}

export function useSay(): (message: string, more?: Record<string, unknown>) => void {
  const notify = useNotify();
  return (message, more) => notify(message, { type: "success", messageArgs: more });
}
