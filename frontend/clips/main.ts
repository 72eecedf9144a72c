import "../lib/choir-phrase";
import "../lib/choir-player";
import "../queue/choir-queue";
import "./choir-my-clips";
import "./choir-receipt";
import "./choir-recover";
import "./choir-take-back";
import "./withdraw-dialog";
