BEGIN TRANSACTION;
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
) STRICT;
INSERT INTO "_sqlite_migrations" VALUES(1,'porras','m001_first','2026-11-22 06:45:19.134252+00:00');
CREATE TABLE answers (
    id TEXT PRIMARY KEY NOT NULL,
    assessment_id TEXT NOT NULL REFERENCES assessments (id),
    seq INTEGER NOT NULL CHECK (seq > 0),
    question TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('given', 'skipped', 'withdrawn')),
    value TEXT CHECK (json_valid(value)),
    why TEXT,
    at TEXT NOT NULL CHECK (at GLOB '????-??-??T??:??:??.???Z'),
    "by" TEXT NOT NULL REFERENCES workers (id),
    supersedes TEXT UNIQUE,
    UNIQUE (assessment_id, seq),
    UNIQUE (assessment_id, question, id),
    FOREIGN KEY (assessment_id, question, supersedes)
        REFERENCES answers (assessment_id, question, id),
    CHECK ((state = 'given') = (value IS NOT NULL))
) STRICT;
INSERT INTO "answers" VALUES('01a1f7f8-7268-7000-ba87-9dedb8a3e637','01a1f7f8-62c8-7000-8a2f-b62b2daa734c',1,'q1','given','1',NULL,'2026-11-20T08:00:18.000Z','01a1f7f8-33e8-7000-abba-3a6058b54593',NULL);
INSERT INTO "answers" VALUES('01a1f7f8-7e20-7000-a0b9-f490b069a3f2','01a1f7f8-62c8-7000-8a2f-b62b2daa734c',2,'q1','given','2',NULL,'2026-11-20T08:00:21.000Z','01a1f7f8-33e8-7000-abba-3a6058b54593','01a1f7f8-7268-7000-ba87-9dedb8a3e637');
INSERT INTO "answers" VALUES('01a1f7f8-cc40-7000-8196-a29eb976e8c8','01a1f7f8-c088-7000-ae70-9e689ed82791',1,'q1','given','3',NULL,'2026-11-20T08:00:41.000Z','01a1f7f8-33e8-7000-abba-3a6058b54593',NULL);
CREATE TABLE assessments (
    id TEXT PRIMARY KEY NOT NULL,
    seq INTEGER NOT NULL UNIQUE CHECK (seq > 0),
    client_id TEXT NOT NULL REFERENCES clients (id),
    pathway_digest TEXT NOT NULL REFERENCES pathways (digest),
    setting TEXT NOT NULL,
    language TEXT NOT NULL,
    started_at TEXT NOT NULL CHECK (started_at GLOB '????-??-??T??:??:??.???Z'),
    started_by TEXT NOT NULL REFERENCES workers (id)
) STRICT;
INSERT INTO "assessments" VALUES('01a1f7f8-62c8-7000-8a2f-b62b2daa734c',1,'01a1f7f8-4388-7000-92cf-d5c124aeb7ab','sha256:11aa','clinic','fi','2026-11-20T08:00:14.000Z','01a1f7f8-33e8-7000-abba-3a6058b54593');
INSERT INTO "assessments" VALUES('01a1f7f8-ad00-7000-94e5-783b435e28fe',2,'01a1f7f8-4388-7000-92cf-d5c124aeb7ab','sha256:11aa','phone','fi','2026-11-20T08:00:33.000Z','01a1f7f8-33e8-7000-abba-3a6058b54593');
INSERT INTO "assessments" VALUES('01a1f7f8-c088-7000-ae70-9e689ed82791',3,'01a1f7f8-5328-7000-a8c8-9d9aca5723d6','sha256:11aa','clinic','sv','2026-11-20T08:00:38.000Z','01a1f7f8-33e8-7000-abba-3a6058b54593');
CREATE TABLE audit (
    seq INTEGER PRIMARY KEY NOT NULL CHECK (seq > 0),
    at TEXT NOT NULL CHECK (at GLOB '????-??-??T??:??:??.???Z'),
    actor TEXT NOT NULL,
    event TEXT NOT NULL,
    subject TEXT NOT NULL,
    digest TEXT NOT NULL CHECK (length(digest) = 64),
    prev TEXT NOT NULL CHECK (length(prev) = 64),
    hash TEXT NOT NULL CHECK (length(hash) = 64)
) STRICT;
INSERT INTO "audit" VALUES(1,'2026-11-20T08:00:03.000Z','nurse-1','worker.added','01a1f7f8-33e8-7000-abba-3a6058b54593','4a3a1357796d6427188137fd40bc91e41127636f275415375245ddb886939d08','0000000000000000000000000000000000000000000000000000000000000000','f07227aafb0d6bd26a9d14b8e18d69effbb7fa6820720e433f0f8168e4868d31');
INSERT INTO "audit" VALUES(2,'2026-11-20T08:00:04.000Z','nurse-1','session.opened','01a1f7f8-33e8-7000-abba-3a6058b54593','e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855','f07227aafb0d6bd26a9d14b8e18d69effbb7fa6820720e433f0f8168e4868d31','af6639c44334f5b82925011f9bb8680c3cc93349428353d5cb7bf79ce5c40c3e');
INSERT INTO "audit" VALUES(3,'2026-11-20T08:00:08.000Z','nurse-1','client.added','01a1f7f8-4388-7000-92cf-d5c124aeb7ab','7506a2127cb66d71cb5b73bb452df3c22cab6fb54f3dab3e05d82489e3e58e09','af6639c44334f5b82925011f9bb8680c3cc93349428353d5cb7bf79ce5c40c3e','faece690cee561181716c37b6eee15bd6ba9f341219fba41c05909bc348f9922');
INSERT INTO "audit" VALUES(4,'2026-11-20T08:00:12.000Z','nurse-1','client.added','01a1f7f8-5328-7000-a8c8-9d9aca5723d6','7ed70269cd22dad5eac929c500631761af66c8ef0b625d2eacc774d4d369babb','faece690cee561181716c37b6eee15bd6ba9f341219fba41c05909bc348f9922','aed05b933358bbb0221955f5bc203d227e2c547cf22ba4adefbdf4f6d59fce2c');
INSERT INTO "audit" VALUES(5,'2026-11-20T08:00:15.000Z','nurse-1','pathway.kept','sha256:11aa','595fca53b35aa6cceb6e79356e66498af52564fd12c9741254023427d71ed6fc','aed05b933358bbb0221955f5bc203d227e2c547cf22ba4adefbdf4f6d59fce2c','e95bd903aaa68bba99774baff1d8ad438599102a30d4f00983758fe3fae1c84c');
INSERT INTO "audit" VALUES(6,'2026-11-20T08:00:16.000Z','nurse-1','assessment.started','01a1f7f8-62c8-7000-8a2f-b62b2daa734c','62c797cd7490c4a84a7a813ace415634c7b656e017e7fd0a72bb742cf03885de','e95bd903aaa68bba99774baff1d8ad438599102a30d4f00983758fe3fae1c84c','e09b8c1071672fa0b92eef64b599ecac2c4476dceed1397b34fa468e72468055');
INSERT INTO "audit" VALUES(7,'2026-11-20T08:00:19.000Z','nurse-1','answer.given','01a1f7f8-7268-7000-ba87-9dedb8a3e637','57aa70ec078aef18441744bf1501269fa4a8047f070aaceb7bdd3f20ddeceec1','e09b8c1071672fa0b92eef64b599ecac2c4476dceed1397b34fa468e72468055','229b4c9dbfa4bae2521aae5ccc31feb49301670f87ffc607e7490d1e99da2cc0');
INSERT INTO "audit" VALUES(8,'2026-11-20T08:00:22.000Z','nurse-1','answer.given','01a1f7f8-7e20-7000-a0b9-f490b069a3f2','74596c7f9176e74d58d15c54d9076b706f767262ea193e77b37ee4ac7916eb85','229b4c9dbfa4bae2521aae5ccc31feb49301670f87ffc607e7490d1e99da2cc0','383cdf8f2c4cf8e21f6175c4b247d8999d043c1267b0467090acf244c0c59def');
INSERT INTO "audit" VALUES(9,'2026-11-20T08:00:25.000Z','nurse-1','note.added','01a1f7f8-89d8-7000-a0e1-7a32cb78c1e2','f00d591b02611bd24d017b362ba787db3cd48e3d4082f7ddbbdab11e0213d3a3','383cdf8f2c4cf8e21f6175c4b247d8999d043c1267b0467090acf244c0c59def','e21915bfce16b6a209e19b07cf00d8141f4bba3abee5e36e44e44cc8692a8a35');
INSERT INTO "audit" VALUES(10,'2026-11-20T08:00:28.000Z','nurse-1','safety.recorded','01a1f7f8-9590-7000-bf9a-e5018a0a0bb2','ef3a5aa7885719540ab0b87bea1b1a7efa595119ec63a1fcadcebd53fea72816','e21915bfce16b6a209e19b07cf00d8141f4bba3abee5e36e44e44cc8692a8a35','bf8b85b6072ce50cb2f849fb8300f87440e0dde4c4f1ca3d6aa825d6db62bd91');
INSERT INTO "audit" VALUES(11,'2026-11-20T08:00:31.000Z','nurse-1','decision.confirmed','01a1f7f8-a148-7000-8b5b-0e8a4cc81eaa','6125b02143bc132571259f4c7c87e2f24828f74fe5201ee8cb57a0ad420eaa65','bf8b85b6072ce50cb2f849fb8300f87440e0dde4c4f1ca3d6aa825d6db62bd91','de8b5e0b98358d4ebe99e15b469dcdbcfd31b231be0f70aa4ff9a6da4d1ee5bc');
INSERT INTO "audit" VALUES(12,'2026-11-20T08:00:34.000Z','nurse-1','assessment.started','01a1f7f8-ad00-7000-94e5-783b435e28fe','32bdef2e353dcc3cf3a860fee6b59f9a61521cb3604adaf739f616b80cb9791f','de8b5e0b98358d4ebe99e15b469dcdbcfd31b231be0f70aa4ff9a6da4d1ee5bc','0ecfa33a7a7fab1acc3eaa7012bbdf2a1de05955f8d557be079da09cb775e2a2');
INSERT INTO "audit" VALUES(13,'2026-11-20T08:00:36.000Z','nurse-1','closing.abandoned','01a1f7f8-ad00-7000-94e5-783b435e28fe','9b5f2d0d6df606333cff4dda4ec3720c849ff3efe90a40408f0b7ba1d022953a','0ecfa33a7a7fab1acc3eaa7012bbdf2a1de05955f8d557be079da09cb775e2a2','d330e282c8491ac8a1b6f0fdc381f21c3a1cde03458d7f9496e89e86f454cdb5');
INSERT INTO "audit" VALUES(14,'2026-11-20T08:00:39.000Z','nurse-1','assessment.started','01a1f7f8-c088-7000-ae70-9e689ed82791','730eb5d3e73b0868330394944df099ff263d46f321d5a03cc88128f6c6c384db','d330e282c8491ac8a1b6f0fdc381f21c3a1cde03458d7f9496e89e86f454cdb5','2cbdc9ec6749def510dacaf66e29a9a24e97022bc021f66557f60380769d1614');
INSERT INTO "audit" VALUES(15,'2026-11-20T08:00:42.000Z','nurse-1','answer.given','01a1f7f8-cc40-7000-8196-a29eb976e8c8','c4ea14b40d0c4433d674390f1f32c98092ecc6fe0e950e40ca0bd946f8c9f6b4','2cbdc9ec6749def510dacaf66e29a9a24e97022bc021f66557f60380769d1614','d411187c6af3b75e29cc2f935aacf7d005cc4167231e0708ccfc0e2d720f74e9');
INSERT INTO "audit" VALUES(16,'2026-11-20T08:00:43.000Z','nurse-1','setting.changed','municipality','b789cd253587d7c9148409b44a8913fa6fd95fba660edb78e4bc03296b74f830','d411187c6af3b75e29cc2f935aacf7d005cc4167231e0708ccfc0e2d720f74e9','90093ecfc95219604f5e227775c6f61c62457b40dfb86365e6ef6eb2584e1ff8');
INSERT INTO "audit" VALUES(17,'2026-11-20T08:00:44.000Z','nurse-1','view','01a1f7f8-4388-7000-92cf-d5c124aeb7ab','e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855','90093ecfc95219604f5e227775c6f61c62457b40dfb86365e6ef6eb2584e1ff8','cedba30f6afb186ca03e6e0719581ba003f1af9139addef3c14709ed31f35b50');
CREATE TABLE clients (
    id TEXT PRIMARY KEY NOT NULL,
    code TEXT NOT NULL UNIQUE CHECK (length(code) = 8),
    birth_year INTEGER NOT NULL CHECK (birth_year BETWEEN 1900 AND 2100),
    sex TEXT CHECK (sex IN ('f', 'm', 'x')),
    language TEXT NOT NULL,
    municipality TEXT,
    created_at TEXT NOT NULL CHECK (created_at GLOB '????-??-??T??:??:??.???Z'),
    created_by TEXT NOT NULL REFERENCES workers (id)
) STRICT;
INSERT INTO "clients" VALUES('01a1f7f8-4388-7000-92cf-d5c124aeb7ab','TREENAAM',1980,'f','fi','hollola','2026-11-20T08:00:07.000Z','01a1f7f8-33e8-7000-abba-3a6058b54593');
INSERT INTO "clients" VALUES('01a1f7f8-5328-7000-a8c8-9d9aca5723d6','TREENABK',2005,NULL,'sv',NULL,'2026-11-20T08:00:11.000Z','01a1f7f8-33e8-7000-abba-3a6058b54593');
CREATE TABLE closings (
    assessment_id TEXT PRIMARY KEY NOT NULL REFERENCES assessments (id),
    kind TEXT NOT NULL CHECK (kind IN ('abandoned')),
    why TEXT NOT NULL,
    at TEXT NOT NULL CHECK (at GLOB '????-??-??T??:??:??.???Z'),
    "by" TEXT NOT NULL REFERENCES workers (id)
) STRICT;
INSERT INTO "closings" VALUES('01a1f7f8-ad00-7000-94e5-783b435e28fe','abandoned','client left','2026-11-20T08:00:35.000Z','01a1f7f8-33e8-7000-abba-3a6058b54593');
CREATE TABLE decisions (
    id TEXT PRIMARY KEY NOT NULL,
    assessment_id TEXT NOT NULL UNIQUE REFERENCES assessments (id),
    decision TEXT NOT NULL CHECK (json_valid(decision)),
    suggested_step INTEGER,
    confirmed_step INTEGER,
    reason_code TEXT,
    reason_text TEXT CHECK (length(reason_text) <= 500),
    at TEXT NOT NULL CHECK (at GLOB '????-??-??T??:??:??.???Z'),
    "by" TEXT NOT NULL REFERENCES workers (id),
    CHECK (confirmed_step IS suggested_step OR reason_code IS NOT NULL)
) STRICT;
INSERT INTO "decisions" VALUES('01a1f7f8-a148-7000-8b5b-0e8a4cc81eaa','01a1f7f8-62c8-7000-8a2f-b62b2daa734c','{"decision":{"scores":{"phq9.total":14}}}',2,2,NULL,NULL,'2026-11-20T08:00:30.000Z','01a1f7f8-33e8-7000-abba-3a6058b54593');
CREATE TABLE drafts (
    assessment_id TEXT PRIMARY KEY NOT NULL REFERENCES assessments (id)
) STRICT;
INSERT INTO "drafts" VALUES('01a1f7f8-c088-7000-ae70-9e689ed82791');
CREATE TABLE notes (
    id TEXT PRIMARY KEY NOT NULL,
    assessment_id TEXT NOT NULL REFERENCES assessments (id),
    question TEXT NOT NULL,
    text TEXT NOT NULL CHECK (length(text) BETWEEN 1 AND 500),
    at TEXT NOT NULL CHECK (at GLOB '????-??-??T??:??:??.???Z'),
    "by" TEXT NOT NULL REFERENCES workers (id)
) STRICT;
INSERT INTO "notes" VALUES('01a1f7f8-89d8-7000-a0e1-7a32cb78c1e2','01a1f7f8-62c8-7000-8a2f-b62b2daa734c','q1','tired','2026-11-20T08:00:24.000Z','01a1f7f8-33e8-7000-abba-3a6058b54593');
CREATE TABLE pathways (
    digest TEXT PRIMARY KEY NOT NULL,
    pathway_id TEXT NOT NULL,
    version TEXT NOT NULL,
    files TEXT NOT NULL CHECK (json_valid(files))
) STRICT;
INSERT INTO "pathways" VALUES('sha256:11aa','adult','1.0.0','{"rules.toml": "id = ''ä''"}');
CREATE TABLE safety (
    id TEXT PRIMARY KEY NOT NULL,
    assessment_id TEXT NOT NULL REFERENCES assessments (id),
    stop TEXT NOT NULL,
    card TEXT NOT NULL,
    step TEXT NOT NULL,
    done INTEGER NOT NULL CHECK (done IN (0, 1)),
    why_not TEXT,
    recorder TEXT NOT NULL,
    answers_seq INTEGER NOT NULL,
    at TEXT NOT NULL CHECK (at GLOB '????-??-??T??:??:??.???Z'),
    supersedes TEXT UNIQUE,
    UNIQUE (assessment_id, stop, card, step, id),
    FOREIGN KEY (assessment_id, stop, card, step, supersedes)
        REFERENCES safety (assessment_id, stop, card, step, id),
    CHECK ((done = 0) = (why_not IS NOT NULL))
) STRICT;
INSERT INTO "safety" VALUES('01a1f7f8-9590-7000-bf9a-e5018a0a0bb2','01a1f7f8-62c8-7000-8a2f-b62b2daa734c','suicide','card','call',1,NULL,'nurse-1',2,'2026-11-20T08:00:27.000Z',NULL);
CREATE TABLE settings (
    key TEXT PRIMARY KEY NOT NULL,
    value TEXT NOT NULL
) STRICT;
INSERT INTO "settings" VALUES('municipality','hollola');
CREATE TABLE workers (
    id TEXT PRIMARY KEY NOT NULL,
    handle TEXT NOT NULL UNIQUE CHECK (length(handle) BETWEEN 2 AND 16),
    created_at TEXT NOT NULL CHECK (created_at GLOB '????-??-??T??:??:??.???Z')
) STRICT;
INSERT INTO "workers" VALUES('01a1f7f8-33e8-7000-abba-3a6058b54593','nurse-1','2026-11-20T08:00:02.000Z');
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");
CREATE INDEX assessments_by_client ON assessments (client_id, seq);
CREATE UNIQUE INDEX answers_first ON answers (assessment_id, question) WHERE supersedes IS NULL;
CREATE INDEX notes_by_assessment ON notes (assessment_id);
CREATE UNIQUE INDEX safety_first ON safety (assessment_id, stop, card, step)
    WHERE supersedes IS NULL;
CREATE TRIGGER drafts_begin AFTER INSERT ON assessments BEGIN
    INSERT INTO drafts (assessment_id) VALUES (NEW.id);
END;
CREATE TRIGGER decisions_end_draft AFTER INSERT ON decisions BEGIN
    DELETE FROM drafts WHERE assessment_id = NEW.assessment_id;
END;
CREATE TRIGGER closings_end_draft AFTER INSERT ON closings BEGIN
    DELETE FROM drafts WHERE assessment_id = NEW.assessment_id;
END;
CREATE TRIGGER workers_no_UPDATE BEFORE UPDATE ON workers BEGIN
    SELECT RAISE(ABORT, 'append only');
END;
CREATE TRIGGER workers_no_DELETE BEFORE DELETE ON workers BEGIN
    SELECT RAISE(ABORT, 'append only');
END;
CREATE TRIGGER clients_no_UPDATE BEFORE UPDATE ON clients BEGIN
    SELECT RAISE(ABORT, 'append only');
END;
CREATE TRIGGER clients_no_DELETE BEFORE DELETE ON clients BEGIN
    SELECT RAISE(ABORT, 'append only');
END;
CREATE TRIGGER pathways_no_UPDATE BEFORE UPDATE ON pathways BEGIN
    SELECT RAISE(ABORT, 'append only');
END;
CREATE TRIGGER pathways_no_DELETE BEFORE DELETE ON pathways BEGIN
    SELECT RAISE(ABORT, 'append only');
END;
CREATE TRIGGER assessments_no_UPDATE BEFORE UPDATE ON assessments BEGIN
    SELECT RAISE(ABORT, 'append only');
END;
CREATE TRIGGER assessments_no_DELETE BEFORE DELETE ON assessments BEGIN
    SELECT RAISE(ABORT, 'append only');
END;
CREATE TRIGGER answers_no_UPDATE BEFORE UPDATE ON answers BEGIN
    SELECT RAISE(ABORT, 'append only');
END;
CREATE TRIGGER answers_no_DELETE BEFORE DELETE ON answers BEGIN
    SELECT RAISE(ABORT, 'append only');
END;
CREATE TRIGGER notes_no_UPDATE BEFORE UPDATE ON notes BEGIN
    SELECT RAISE(ABORT, 'append only');
END;
CREATE TRIGGER notes_no_DELETE BEFORE DELETE ON notes BEGIN
    SELECT RAISE(ABORT, 'append only');
END;
CREATE TRIGGER safety_no_UPDATE BEFORE UPDATE ON safety BEGIN
    SELECT RAISE(ABORT, 'append only');
END;
CREATE TRIGGER safety_no_DELETE BEFORE DELETE ON safety BEGIN
    SELECT RAISE(ABORT, 'append only');
END;
CREATE TRIGGER decisions_no_UPDATE BEFORE UPDATE ON decisions BEGIN
    SELECT RAISE(ABORT, 'append only');
END;
CREATE TRIGGER decisions_no_DELETE BEFORE DELETE ON decisions BEGIN
    SELECT RAISE(ABORT, 'append only');
END;
CREATE TRIGGER closings_no_UPDATE BEFORE UPDATE ON closings BEGIN
    SELECT RAISE(ABORT, 'append only');
END;
CREATE TRIGGER closings_no_DELETE BEFORE DELETE ON closings BEGIN
    SELECT RAISE(ABORT, 'append only');
END;
CREATE TRIGGER audit_no_UPDATE BEFORE UPDATE ON audit BEGIN
    SELECT RAISE(ABORT, 'append only');
END;
CREATE TRIGGER audit_no_DELETE BEFORE DELETE ON audit BEGIN
    SELECT RAISE(ABORT, 'append only');
END;
CREATE TRIGGER answers_closed BEFORE INSERT ON answers
WHEN EXISTS (SELECT 1 FROM decisions WHERE assessment_id = NEW.assessment_id)
    OR EXISTS (SELECT 1 FROM closings WHERE assessment_id = NEW.assessment_id)
BEGIN
    SELECT RAISE(ABORT, 'closed');
END;
CREATE TRIGGER notes_closed BEFORE INSERT ON notes
WHEN EXISTS (SELECT 1 FROM decisions WHERE assessment_id = NEW.assessment_id)
    OR EXISTS (SELECT 1 FROM closings WHERE assessment_id = NEW.assessment_id)
BEGIN
    SELECT RAISE(ABORT, 'closed');
END;
CREATE TRIGGER decisions_closed BEFORE INSERT ON decisions
WHEN EXISTS (SELECT 1 FROM decisions WHERE assessment_id = NEW.assessment_id)
    OR EXISTS (SELECT 1 FROM closings WHERE assessment_id = NEW.assessment_id)
BEGIN
    SELECT RAISE(ABORT, 'closed');
END;
CREATE TRIGGER closings_closed BEFORE INSERT ON closings
WHEN EXISTS (SELECT 1 FROM decisions WHERE assessment_id = NEW.assessment_id)
    OR EXISTS (SELECT 1 FROM closings WHERE assessment_id = NEW.assessment_id)
BEGIN
    SELECT RAISE(ABORT, 'closed');
END;
COMMIT;
