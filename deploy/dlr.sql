-- Where Kannel keeps which reports it waits for: sqlite3 /var/spool/kannel/dlr.db < deploy/dlr.sql
CREATE TABLE IF NOT EXISTS dlr (
    smsc varchar(40),
    ts varchar(40),
    destination varchar(40),
    source varchar(40),
    service varchar(40),
    url varchar(255),
    mask integer,
    status integer,
    boxc varchar(40)
);
CREATE INDEX IF NOT EXISTS dlr_ts ON dlr (smsc, ts);
