import { killAtCalls } from "./killedRuns";

killAtCalls("plugin");
