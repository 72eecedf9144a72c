import "../lib/choir-phrase";
import "../lib/choir-player";
import "../queue/choir-queue";
import "./choir-my-clips";
import "./choir-recover";
import "./withdraw-dialog";
