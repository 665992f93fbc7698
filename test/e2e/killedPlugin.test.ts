import { people } from "./killedPeople";
import { killAtCalls } from "./killedRuns";

killAtCalls("plugin", people, "up");
