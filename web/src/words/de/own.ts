import account from "./account.json";
import audit from "./audit.json";
import car from "./car.json";
import mine from "./mine.json";
import own from "./own.json";
import run from "./run.json";
import sell from "./sell.json";
import terms from "./terms.json";
import watched from "./watched.json";
import why from "./why.json";

const catalogue = { account, audit, car, mine, own, run, sell, terms, watched, why };

export default catalogue;
