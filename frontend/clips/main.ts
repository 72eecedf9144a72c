import "../lib/choir-phrase";
import "../lib/choir-player";
import "./choir-my-clips";
import "./choir-recover";
import "./withdraw-dialog";
