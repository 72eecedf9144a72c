import "../queue/choir-queue";
import "./choir-offline";
