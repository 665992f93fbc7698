import { people } from "./killedPeople";
import { killAtCalls } from "./killedRuns";

killAtCalls("cli", people, "destroy");
