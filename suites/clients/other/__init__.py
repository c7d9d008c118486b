"""Checks of what OneLogin, JumpCloud, PingOne, PingFederate, SailPoint and Salesforce are known to send."""
